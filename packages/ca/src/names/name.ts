import { isPlain, quote, unicodePattern } from '@docker-mtls/errors';
import { CaError } from '../error.ts';

/** RFC 5280 appendix A.1, ub-common-name and ub-organizational-unit-name, in characters. */
export const LONGEST_COMMON_NAME = 64;
// A folder's name has 255 octets on most file systems; temporary names beside it need some of them.
const LONGEST_IN_OCTETS = 200;

const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The name of a client: the CN of its certificate, the user that the engine's authorization plugins see, and a
 * folder's name. Comes back in NFC, so that two ways to type one name are one name. `CA_NAME_INVALID`.
 */
export function parseClientName(text: string): string {
  const name = parseWord('client name', text);
  if (name.endsWith('.')) throw refusal('client name', text, 'it ends with a dot');
  if (WINDOWS_DEVICE.test(name)) throw refusal('client name', text, 'Windows keeps it for a device');
  return name;
}

/** The name of a group of clients: an OU of their certificates. `CA_NAME_INVALID`. */
export function parseGroupName(text: string): string {
  return parseWord('group name', text);
}

/** The name of a certificate authority, for people to read: its CN. `CA_NAME_INVALID`. */
export function parseCaName(text: string): string {
  const name = text.normalize('NFC');
  const what = 'CA name';
  checkLength(what, text, name);
  if (!isTitle(name)) {
    throw refusal(what, text, 'it holds a character that cannot be printed');
  }
  if (name !== name.trim()) throw refusal(what, text, 'it begins or ends with a space');
  return name;
}

/** Length as X.520 counts it: code points, not UTF-16 units. */
export function characterCount(text: string): number {
  return [...text].length;
}

function parseWord(what: string, text: string): string {
  const name = text.normalize('NFC');
  checkLength(what, text, name);
  if (!isWord(name)) {
    throw refusal(what, text, 'it holds a character that is not allowed, or begins with one');
  }
  return name;
}

function isWord(name: string): boolean {
  if (isPlain(name)) return /^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(name);
  const word = unicodePattern(String.raw`^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._@-]*$`);
  return word.test(name) && !hasInvisible(name);
}

function isTitle(name: string): boolean {
  if (isPlain(name)) return true;
  return unicodePattern(String.raw`^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$`).test(name) && !hasInvisible(name);
}

function hasInvisible(name: string): boolean {
  return unicodePattern(String.raw`\p{Default_Ignorable_Code_Point}`).test(name);
}

function checkLength(what: string, text: string, name: string): void {
  if (name === '') throw refusal(what, text, 'it is empty');
  const count = characterCount(name);
  if (count > LONGEST_COMMON_NAME) throw refusal(what, text, `it has ${count} characters`);
  if (Buffer.byteLength(name) > LONGEST_IN_OCTETS) throw refusal(what, text, 'it is too long in UTF-8');
}

const HINTS: Readonly<Record<string, string>> = {
  'client name': `use letters, digits and . _ @ - beginning with a letter or digit, at most ${LONGEST_COMMON_NAME}`,
  'group name': `use letters, digits and . _ @ - beginning with a letter or digit, at most ${LONGEST_COMMON_NAME}`,
  'CA name': `use printable characters and single spaces, at most ${LONGEST_COMMON_NAME}`,
};

function refusal(what: string, text: string, reason: string): CaError {
  const hint = HINTS[what];
  const options = hint === undefined ? {} : { hint };
  return new CaError('CA_NAME_INVALID', `${what} ${quote(text)}: ${reason}`, options);
}
