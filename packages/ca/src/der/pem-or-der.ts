import { quote } from '@docker-mtls/errors';
import { asBuffer, asText, lineOf, parsePem, pemFaults } from './pem.ts';
import { DerError, readOnly } from './read.ts';
import { TAG } from './tag.ts';

/** Is this one DER SEQUENCE and nothing else, as every object that we read is? */
export function isDer(bytes: string | Buffer): boolean {
  try {
    readOnly(asBuffer(bytes), TAG.sequence, 'object');
    return true;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** The octets of the one object with one of these labels: a PEM file's, or the whole of a DER file. Throws `DerError`. */
export function onlyObject(bytes: string | Buffer, labels: readonly string[]): Buffer {
  if (looksLikeDer(bytes)) return asBuffer(bytes);
  const [only, ...more] = objectsIn(bytes, labels);
  if (only === undefined) throw new DerError(whyNoObject(bytes));
  if (more.length > 0) throw new DerError(`there are ${more.length + 1} where one belongs`);
  return only;
}

/** Every object of a PEM file with one of these labels. */
export function objectsIn(pem: string | Buffer, labels: readonly string[]): Buffer[] {
  return parsePem(pem).flatMap(({ label, der }) => (labels.includes(label) ? [der] : []));
}

/** Why a file has no PEM block of the kind that was looked for, in words. */
export function whyNoObject(bytes: string | Buffer): string {
  const text = asText(bytes);
  const labels = [...new Set(parsePem(bytes).map(({ label }) => quote(label)))];
  if (labels.length > 0) return `its PEM blocks are labelled ${labels.join(', ')}`;
  return FAULTS.find(({ is }) => is(text))?.words ?? pemFaults(bytes)[0] ?? whyNoBlock(text);
}

/** A tag for a SEQUENCE and a length that is not text. What is wrong after that, the DER reader says. */
function looksLikeDer(bytes: string | Buffer): boolean {
  const [tag, length = 0] = asBuffer(bytes.slice(0, 2));
  return isDer(bytes) || (tag === TAG.sequence && length >= 0x80);
}

const FAULTS: readonly { readonly is: (text: string) => boolean; readonly words: string }[] = [
  { is: (text) => text.trim() === '', words: 'it is empty' },
  { is: (text) => /^(?:\xff\xfe|\xfe\xff|-\0|\0-)/.test(text), words: 'it is UTF-16 text, and PEM is ASCII' },
  {
    is: (text) => /^(?:\xef\xbb\xbf|\ufeff)-----BEGIN /.test(text),
    words: 'a byte order mark (BOM) stands before its BEGIN line',
  },
  {
    is: (text) => text.includes('-----\r') && !text.includes('\n'),
    words: 'its lines end in CR alone, not in LF',
  },
  {
    is: (text) => text.includes(String.raw`-----\n`),
    words: String.raw`its line ends are written as the two characters \n`,
  },
];

function whyNoBlock(text: string): string {
  const begin = text.indexOf('-----BEGIN ');
  return begin === -1
    ? 'it is neither PEM nor DER'
    : `line ${lineOf(text, begin)}: there is something before -----BEGIN`;
}
