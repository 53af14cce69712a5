import { readExtensions } from '../certificate/extensions.ts';
import type { Extension } from '../certificate/extensions.ts';
import { DerError, DerReader, integerContent, readOnly } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import { timeValue } from '../der/time.ts';
import type { RevokedCertificate } from './create-crl.ts';
import { reasonOf } from './reason.ts';

const WHAT = 'revoked certificate';

/** SEQUENCE { SEQUENCE { OID 2.5.29.21, OCTET STRING { ENUMERATED … } } }, up to its last octet. */
const REASON = Buffer.from('300c300a0603551d1504030a01', 'hex');
/** The octets of a UTCTime, with its tag and length. */
const TIME_OCTETS = 15;
const LONGEST_SHORT = 0x7f;

/**
 * The entries of a list, one after the other. There may be 100,000 of them, so those of the usual form, a serial number, a moment and
 * perhaps a reason, are read from their octets; all others element by element.
 */
export function* readEntries(content: Buffer): Generator<RevokedCertificate, undefined> {
  const list: List = { content, hex: content.toString('hex'), moments: new Map(), last: undefined };
  for (let start = 0; start < content.length;) {
    const usual = readUsual(list, start);
    if (usual === undefined) {
      const element = new DerReader(content.subarray(start)).next(WHAT);
      yield readEntry(element);
      start += element.der.length;
    } else {
      yield usual;
      start += 2 + (content[start + 1] ?? 0);
    }
  }
  return undefined;
}

type List = {
  readonly content: Buffer;
  /** All of it at once: a call for each number would take longer. */
  readonly hex: string;
  readonly moments: Map<string, Date>;
  /** Where the octets of the last moment are, and what they say. */
  last: { readonly start: number; readonly moment: Date } | undefined;
};

/** Undefined for an entry of another form, and for one that is wrong: what is wrong with it is found element by element. */
function readUsual(list: List, start: number): RevokedCertificate | undefined {
  const { content } = list;
  const end = start + 2 + (content[start + 1] ?? 0);
  const moment = start + 4 + (content[start + 3] ?? 0);
  const rest = moment + TIME_OCTETS;
  const isUsual =
    content[start] === TAG.sequence &&
    end <= start + 2 + LONGEST_SHORT &&
    end <= content.length &&
    content[start + 2] === TAG.integer &&
    content[moment] === TAG.utcTime &&
    content[moment + 1] === TIME_OCTETS - 2;
  if (!isUsual) return undefined;
  const serial = serialIn(list, start + 4, moment);
  if (serial === undefined) return undefined;
  if (rest === end) return { serial, revokedAt: momentIn(list, moment) };
  const last = rest + REASON.length;
  if (last + 1 !== end || content.compare(REASON, 0, REASON.length, rest, last) !== 0) return undefined;
  const reason = reasonOf(content[last] ?? 0);
  return reason && { serial, revokedAt: momentIn(list, moment), reason };
}

/** X.690 8.3.2: the shortest form. A zero in front keeps a number from being negative. */
function serialIn({ content, hex }: List, start: number, end: number): string | undefined {
  const [first = 0, second = 0] = [content[start], content[start + 1]];
  const isLong = end - start > 1;
  const isPadded = isLong && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (end <= start || isPadded) return undefined;
  return hex.slice(2 * (isLong && first === 0 ? start + 1 : start), 2 * end);
}

/** Many certificates are revoked at once. */
function momentIn(list: List, start: number): Date {
  const { content, moments, last } = list;
  if (last !== undefined && isSame(content, last.start, start)) return last.moment;
  const octets = content.subarray(start + 2, start + TIME_OCTETS);
  const text = octets.toString('latin1');
  const moment = moments.get(text) ?? timeValue({ tag: TAG.utcTime, der: octets, content: octets }, WHAT);
  moments.set(text, moment);
  list.last = { start, moment };
  return moment;
}

/** From the end, where most differ. */
function isSame(content: Buffer, one: number, other: number): boolean {
  for (let index = TIME_OCTETS - 1; index >= 2; index -= 1)
    if (content[one + index] !== content[other + index]) return false;
  return true;
}

/** One entry, element by element. */
export function readEntry(element: Element): RevokedCertificate {
  if (element.tag !== TAG.sequence) throw new DerError(`${WHAT}: not an entry`);
  const reader = new DerReader(element.content);
  const serial = integerContent(reader.read(TAG.integer, WHAT), WHAT);
  const revokedAt = readCrlTime(reader.next(WHAT), WHAT);
  const list = reader.readIf(TAG.sequence, WHAT);
  reader.finish(WHAT);
  const reason = list === undefined ? undefined : readReason(readExtensions(list.content, WHAT));
  return { serial: hexNumber(serial), revokedAt, ...(reason === undefined ? {} : { reason }) };
}

function readReason(extensions: readonly Extension[]): RevokedCertificate['reason'] {
  refuseCritical(extensions);
  const extension = extensions.find(({ name }) => name === 'reasonCode');
  if (extension === undefined) return undefined;
  const { content } = readOnly(extension.value, TAG.enumerated, 'reasonCode');
  const reason = content.length === 1 ? reasonOf(content.readUInt8(0)) : undefined;
  if (reason === undefined) throw new DerError('reasonCode: no reason of a full list');
  return reason;
}

/** A delta CRL and a partial one announce themselves by a critical extension. */
export function refuseCritical(extensions: readonly Extension[]): void {
  const critical = extensions.find((extension) => extension.critical);
  if (critical !== undefined) throw new DerError(`a critical extension, ${critical.name}`);
}

function hexNumber(content: Buffer): string {
  return content.length > 1 && content[0] === 0 ? content.toString('hex', 1) : content.toString('hex');
}

export function readCrlTime(element: Element, what: string): Date {
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime)
    throw new DerError(`${what}: not a time`);
  return timeValue(element, what);
}
