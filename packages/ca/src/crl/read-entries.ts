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
 * The entries of a list. A reload with 100,000 of them holds up all requests, so those of the usual form, a serial number, a
 * moment and perhaps a reason, are read from their octets; all others element by element.
 */
export function readEntries(content: Buffer): readonly RevokedCertificate[] {
  const moments = new Map<string, Date>();
  const entries: RevokedCertificate[] = [];
  for (let start = 0; start < content.length;) {
    const usual = readUsual(content, start, moments);
    if (usual === undefined) {
      const element = new DerReader(content.subarray(start)).next(WHAT);
      entries.push(readEntry(element));
      start += element.der.length;
    } else {
      entries.push(usual);
      start += 2 + (content[start + 1] ?? 0);
    }
  }
  return entries;
}

/** Undefined for an entry of another form, and for one that is wrong: what is wrong with it is found element by element. */
function readUsual(
  content: Buffer,
  start: number,
  moments: Map<string, Date>,
): RevokedCertificate | undefined {
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
  const serial = serialIn(content, start + 4, moment);
  if (serial === undefined) return undefined;
  if (rest === end) return { serial, revokedAt: momentIn(content, moment, moments) };
  const last = rest + REASON.length;
  if (last + 1 !== end || content.compare(REASON, 0, REASON.length, rest, last) !== 0) return undefined;
  const reason = reasonOf(content[last] ?? 0);
  return reason && { serial, revokedAt: momentIn(content, moment, moments), reason };
}

/** X.690 8.3.2: the shortest form. A zero in front keeps a number from being negative. */
function serialIn(content: Buffer, start: number, end: number): string | undefined {
  const [first = 0, second = 0] = [content[start], content[start + 1]];
  const isLong = end - start > 1;
  const isPadded = isLong && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (end <= start || isPadded) return undefined;
  return content.toString('hex', isLong && first === 0 ? start + 1 : start, end);
}

/** Many certificates are revoked at once. */
function momentIn(content: Buffer, start: number, moments: Map<string, Date>): Date {
  const octets = content.subarray(start + 2, start + TIME_OCTETS);
  const text = octets.toString('latin1');
  const known = moments.get(text);
  if (known !== undefined) return known;
  const made = timeValue({ tag: TAG.utcTime, der: octets, content: octets }, WHAT);
  moments.set(text, made);
  return made;
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
