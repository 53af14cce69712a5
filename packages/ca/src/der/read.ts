import { oidName } from './oid.ts';
import { TAG } from './tag.ts';

/** What is wrong with the bytes, for our own callers: they turn it into a `CaError` that names the thing read. */
export class DerError extends Error {
  override readonly name: string = 'DerError';
}

/** One element: the whole octets and, within them, the content octets. Both are views, not copies. */
export type Element = { readonly tag: number; readonly der: Buffer; readonly content: Buffer };

/**
 * Reads DER (X.690) from untrusted bytes: definite and shortest lengths only, never past the end. It goes one
 * level at a time and only where a caller asks it to, so no input can make it recurse.
 */
export class DerReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The next element, whatever it is. */
  next(what: string): Element {
    const start = this.#position;
    const tag = this.#octet(what);
    // A number of 31 or more, spread over further octets: nothing in PKIX uses one.
    if ((tag & 0x1f) === 0x1f) throw new DerError(`${what}: a tag of several octets`);
    const length = this.#length(what);
    const end = this.#position + length;
    if (end > this.#bytes.length) throw new DerError(`${what}: cut short`);
    const content = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return { tag, der: this.#bytes.subarray(start, end), content };
  }

  /** The next element, which must carry this tag. */
  read(tag: number, what: string): Element {
    const found = this.#bytes[this.#position];
    if (found !== undefined && found !== tag) {
      throw new DerError(`${what}: tag 0x${found.toString(16)} where 0x${tag.toString(16)} belongs`);
    }
    return this.next(what);
  }

  /** The next element if it carries this tag: an OPTIONAL or DEFAULT field. */
  readIf(tag: number, what: string): Element | undefined {
    return this.#bytes[this.#position] === tag ? this.next(what) : undefined;
  }

  /** Nothing may follow. */
  finish(what: string): void {
    if (!this.atEnd) throw new DerError(`${what}: data after its end`);
  }

  #octet(what: string): number {
    const octet = this.#bytes[this.#position];
    if (octet === undefined) throw new DerError(`${what}: cut short`);
    this.#position += 1;
    return octet;
  }

  #length(what: string): number {
    const first = this.#octet(what);
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0) throw new DerError(`${what}: an indefinite length`);
    if (count > 4) throw new DerError(`${what}: a length of ${count} octets`);
    let length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + this.#octet(what);
    const shortest = length >= 0x80 && length >= 2 ** (8 * (count - 1));
    if (!shortest) throw new DerError(`${what}: a length that is not in its shortest form`);
    return length;
  }
}

/** The one element that these bytes are, with nothing after it. */
export function readOnly(bytes: Buffer, tag: number, what: string): Element {
  const reader = new DerReader(bytes);
  const element = reader.read(tag, what);
  reader.finish(what);
  return element;
}

/** A reader of what is inside the one SEQUENCE that these bytes are. */
export function readSequence(bytes: Buffer, what: string): DerReader {
  return new DerReader(readOnly(bytes, TAG.sequence, what).content);
}

/** Every element of a SEQUENCE OF or SET OF. */
export function elements(content: Buffer, what: string): Element[] {
  const reader = new DerReader(content);
  const found: Element[] = [];
  while (!reader.atEnd) found.push(reader.next(what));
  return found;
}

/** Content octets of an INTEGER, in their shortest form (X.690 8.3.2). */
export function integerContent(element: Element, what: string): Buffer {
  const [first, second] = element.content;
  if (first === undefined) throw new DerError(`${what}: an empty number`);
  const padded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new DerError(`${what}: a number that is not in its shortest form`);
  return element.content;
}

/** A number from 0 to 2^31-1, such as a path length or a version. */
export function smallNumber(element: Element, what: string): number {
  const content = integerContent(element, what);
  if (content.length > 4 || (content[0] ?? 0) >= 0x80) throw new DerError(`${what}: out of range`);
  return content.readUIntBE(0, content.length);
}

export function booleanValue(element: Element, what: string): boolean {
  const value = element.content[0];
  if (element.content.length !== 1 || (value !== 0 && value !== 0xff)) {
    throw new DerError(`${what}: not a DER boolean`);
  }
  return value === 0xff;
}

/** The octets of a BIT STRING that has no unused bits: a key, a signature. */
export function wholeOctets(element: Element, what: string): Buffer {
  if (element.content[0] !== 0) throw new DerError(`${what}: not a whole number of octets`);
  return element.content.subarray(1);
}

/** The numbers of the bits that are set in a named-bit BIT STRING, and whether DER's no-trailing-zeros rule holds. */
export function namedBits(element: Element, what: string): { bits: number[]; minimal: boolean } {
  const unused = element.content[0];
  const octets = element.content.subarray(1);
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused > 0)) {
    throw new DerError(`${what}: not a bit string`);
  }
  const last = octets.length * 8 - unused;
  const bits: number[] = [];
  for (let bit = 0; bit < octets.length * 8; bit += 1) {
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0) continue;
    if (bit >= last) throw new DerError(`${what}: an unused bit is set`);
    bits.push(bit);
  }
  return { bits, minimal: (bits.at(-1) ?? -1) === last - 1 };
}

const knownOids = new Map<string, string>();

/** The name of an OBJECT IDENTIFIER, or its dotted form when we have no name for it. */
export function oidValue(element: Element, what: string): string {
  const key = element.content.toString('latin1');
  const known = knownOids.get(key);
  if (known !== undefined) return known;
  const dotted = dottedOid(element.content, what);
  const name = oidName(dotted);
  // Only what has a name is kept: the number of others is up to the sender.
  if (name !== dotted) knownOids.set(key, name);
  return name;
}

function dottedOid(content: Buffer, what: string): string {
  const arcs = subidentifiers(content, what);
  const [first = 0n, ...rest] = arcs;
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - top * 40n, ...rest].join('.');
}

function subidentifiers(content: Buffer, what: string): bigint[] {
  if (content.length === 0 || content.length > 64 || (content.at(-1) ?? 0) >= 0x80) {
    throw new DerError(`${what}: not an object identifier`);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const octet of content) {
    if (fresh && octet === 0x80) throw new DerError(`${what}: an object identifier with padding`);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    fresh = octet < 0x80;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  return arcs;
}
