import { quote } from '@docker-mtls/errors';
import type { JsonArray, JsonMember, JsonNode, JsonObject, JsonString } from './json-node.ts';
import { jsonProblem } from './json-problem.ts';

/** The engine's file is 5 deep at most; the limit keeps hostile nesting from exhausting the stack. */
export const DEEPEST = 64;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const WORD = /[A-Za-z]+/y;
const GENERAL_HINT =
  'correct the file by hand (an editor or `jq . FILE` shows the place), then run the command again';
const HINTS: Readonly<Record<string, string>> = {
  '/': 'JSON has no comments, and the engine refuses them: take the comment out',
  '#': 'JSON has no comments, and the engine refuses them: take the comment out',
  "'": 'JSON strings stand in double quotes',
  '“': 'JSON strings stand in plain double quotes, not typographic ones',
};

type Place = { readonly text: string; offset: number };

/** Reads strict JSON (RFC 8259) into nodes that know their place. Throws `DAEMON_CONFIG_INVALID`. */
export function parseJson(text: string, start: number): JsonNode {
  const place = { text, offset: start };
  skipSpace(place);
  const node = readValue(place, 0);
  skipSpace(place);
  if (place.offset < text.length) throw unexpected(place, 'the end of the file');
  return node;
}

function readValue(place: Place, depth: number): JsonNode {
  if (depth > DEEPEST) {
    throw jsonProblem(place.text, place.offset, `nested deeper than ${DEEPEST} levels`, GENERAL_HINT);
  }
  const first = place.text.charAt(place.offset);
  if (first === '{') return readObject(place, depth);
  if (first === '[') return readArray(place, depth);
  if (first === '"') return readString(place);
  return readNumber(place) ?? readWord(place);
}

function readObject(place: Place, depth: number): JsonObject {
  const start = place.offset;
  const members: JsonMember[] = [];
  const seen = new Set<string>();
  readItems(place, '}', () => {
    const member = readMember(place, depth);
    const key = member.key.value;
    if (seen.has(key)) throw duplicate(place.text, member);
    seen.add(key);
    members.push(member);
  });
  return { type: 'object', start, end: place.offset, members };
}

function readMember(place: Place, depth: number): JsonMember {
  if (place.text.charAt(place.offset) !== '"') throw unexpected(place, 'a key in double quotes');
  const key = readString(place);
  skipSpace(place);
  if (place.text.charAt(place.offset) !== ':') throw unexpected(place, '":"');
  place.offset += 1;
  skipSpace(place);
  const value = readValue(place, depth + 1);
  return { start: key.start, end: value.end, key, value };
}

function readArray(place: Place, depth: number): JsonArray {
  const start = place.offset;
  const items: JsonNode[] = [];
  readItems(place, ']', () => items.push(readValue(place, depth + 1)));
  return { type: 'array', start, end: place.offset, items };
}

/** Walks what stands between two brackets: the place is at the opening one before, behind the closing one after. */
function readItems(place: Place, close: ']' | '}', readItem: () => void): void {
  place.offset += 1;
  skipSpace(place);
  if (takes(place, close)) return;
  for (;;) {
    readItem();
    skipSpace(place);
    if (takes(place, close)) return;
    const comma = place.offset;
    if (!takes(place, ',')) throw unexpected(place, `"," or "${close}"`);
    skipSpace(place);
    if (place.text.charAt(place.offset) === close) throw trailingComma(place.text, comma);
  }
}

function readString(place: Place): JsonString {
  const start = place.offset;
  place.offset += 1;
  while (place.text.charAt(place.offset) !== '"') skipCharacter(place);
  place.offset += 1;
  const value = JSON.parse(place.text.slice(start, place.offset)) as string;
  return { type: 'string', start, end: place.offset, value };
}

function skipCharacter(place: Place): void {
  const code = place.text.charCodeAt(place.offset);
  if (code === BACKSLASH && match(place, ESCAPE) !== undefined) return;
  if (code === BACKSLASH) throw badEscape(place);
  // NaN, at the end of the text, is not above it either.
  if (!(code >= FIRST_PRINTABLE)) throw unclosedString(place);
  place.offset += 1;
}

function readNumber(place: Place): JsonNode | undefined {
  const start = place.offset;
  if (match(place, NUMBER) === undefined) return undefined;
  return { type: 'number', start, end: place.offset };
}

function readWord(place: Place): JsonNode {
  const start = place.offset;
  const word = match(place, WORD);
  const span = { start, end: place.offset };
  if (word === 'true' || word === 'false') return { type: 'boolean', ...span, value: word === 'true' };
  if (word === 'null') return { type: 'null', ...span };
  place.offset = start;
  throw unexpected(place, 'a value');
}

function match(place: Place, pattern: RegExp): string | undefined {
  pattern.lastIndex = place.offset;
  const found = pattern.exec(place.text)?.[0];
  place.offset += found?.length ?? 0;
  return found;
}

function skipSpace(place: Place): void {
  match(place, SPACE);
}

function takes(place: Place, character: string): boolean {
  if (place.text.charAt(place.offset) !== character) return false;
  place.offset += 1;
  return true;
}

function unexpected({ text, offset }: Place, wanted: string): Error {
  const code = text.codePointAt(offset);
  if (code === undefined)
    return jsonProblem(text, offset, `the file ends where ${wanted} should stand`, GENERAL_HINT);
  const found = String.fromCodePoint(code);
  const hint = HINTS[found] ?? GENERAL_HINT;
  return jsonProblem(text, offset, `${quote(found)} where ${wanted} should stand`, hint);
}

function duplicate(text: string, { key }: JsonMember): Error {
  const hint = 'the engine would silently take only one of the two, or mix them: keep the one you mean';
  return jsonProblem(text, key.start, `the key ${quote(key.value)} stands twice`, hint);
}

function trailingComma(text: string, offset: number): Error {
  return jsonProblem(
    text,
    offset,
    'a comma with nothing behind it',
    'JSON has no trailing commas: take it out',
  );
}

function badEscape({ text, offset }: Place): Error {
  const hint = 'a backslash itself is written \\\\, as in "C:\\\\certs"';
  return jsonProblem(text, offset, `${quote(text.slice(offset, offset + 2))} is no escape`, hint);
}

function unclosedString({ text, offset }: Place): Error {
  const hint = 'close it with a double quote; a tab or line end inside is written \\t or \\n';
  return jsonProblem(text, offset, 'a string that does not end on its line', hint);
}
