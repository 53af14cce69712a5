/** A value of JSON that keeps what JSON.parse loses: numbers as they were written, and members in a map. */
export type BodyValue = null | boolean | string | JsonNumber | readonly BodyValue[] | BodyObject;
export type JsonNumber = { readonly number: string };
export type BodyObject = ReadonlyMap<string, BodyValue>;

/** Deeper than any request of the engine's API, and far from the end of the stack. */
const DEEPEST = 64;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
/** A string without escapes and control characters up to its closing quote. */
const PLAIN_STRING = /"[^"\\\p{Cc}]*"/uy;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const LITERALS = new Map<string, BodyValue>([
  ['t', true],
  ['f', false],
  ['n', null],
]);
const WORDS = new Map([
  ['t', 'true'],
  ['f', 'false'],
  ['n', 'null'],
]);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads one JSON value and nothing after it. Undefined for all that two decoders may read differently: bytes that are not
 * UTF-8, a byte order mark, half a surrogate pair, a member twice, trailing data.
 */
export function parseBody(bytes: Uint8Array): BodyValue | undefined {
  try {
    const reader = { text: utf8.decode(bytes), offset: 0 };
    const value = readValue(reader, 0);
    skipSpace(reader);
    return reader.offset === reader.text.length ? value : undefined;
  } catch {
    // Of whatever kind: what cannot be read is denied.
    return undefined;
  }
}

type Reader = { readonly text: string; offset: number };

function readValue(reader: Reader, depth: number): BodyValue {
  if (depth > DEEPEST) throw new Error('not JSON');
  skipSpace(reader);
  const first = reader.text.charAt(reader.offset);
  if (first === '"') return readString(reader);
  if (first === '{') return readObject(reader, depth);
  if (first === '[') return readArray(reader, depth);
  const literal = LITERALS.get(first);
  return literal === undefined ? { number: take(reader, NUMBER) } : readLiteral(reader, first, literal);
}

function readObject(reader: Reader, depth: number): BodyObject {
  const members = new Map<string, BodyValue>();
  reader.offset += 1;
  if (closes(reader, '}')) return members;
  do {
    skipSpace(reader);
    const name = readString(reader);
    if (members.has(name)) throw new Error('not JSON');
    skipSpace(reader);
    if (!skip(reader, ':')) throw new Error('not JSON');
    members.set(name, readValue(reader, depth + 1));
  } while (continues(reader, '}'));
  return members;
}

function readArray(reader: Reader, depth: number): readonly BodyValue[] {
  const items: BodyValue[] = [];
  reader.offset += 1;
  if (closes(reader, ']')) return items;
  do {
    items.push(readValue(reader, depth + 1));
  } while (continues(reader, ']'));
  return items;
}

function readString(reader: Reader): string {
  PLAIN_STRING.lastIndex = reader.offset;
  if (PLAIN_STRING.test(reader.text)) {
    const start = reader.offset + 1;
    reader.offset = PLAIN_STRING.lastIndex;
    return reader.text.slice(start, reader.offset - 1);
  }
  const value = JSON.parse(take(reader, STRING)) as string;
  if (/\p{Surrogate}/u.test(value)) throw new Error('not JSON');
  return value;
}

function readLiteral(reader: Reader, first: string, value: BodyValue): BodyValue {
  const word = WORDS.get(first) ?? '';
  if (!reader.text.startsWith(word, reader.offset)) throw new Error('not JSON');
  reader.offset += word.length;
  return value;
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.offset;
  const [found] = pattern.exec(reader.text) ?? [];
  if (found === undefined) throw new Error('not JSON');
  reader.offset += found.length;
  return found;
}

function closes(reader: Reader, bracket: string): boolean {
  skipSpace(reader);
  return skip(reader, bracket);
}

/** True after a comma, false after the closing bracket. */
function continues(reader: Reader, bracket: string): boolean {
  skipSpace(reader);
  if (skip(reader, ',')) return true;
  if (skip(reader, bracket)) return false;
  throw new Error('not JSON');
}

function skip(reader: Reader, character: string): boolean {
  if (reader.text.charAt(reader.offset) !== character) return false;
  reader.offset += 1;
  return true;
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.offset;
  SPACE.test(reader.text);
  reader.offset = SPACE.lastIndex;
}
