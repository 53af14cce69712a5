import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { ErrorCode } from 'yaml';
import { quote } from '@docker-mtls/errors';
import { PolicyError } from '../error.ts';
import type { TextPlace } from '../error.ts';

/** A value of the text and where it begins. */
export type Located =
  | { readonly kind: 'text'; readonly offset: number; readonly value: string }
  | { readonly kind: 'other'; readonly offset: number; readonly value: unknown }
  | { readonly kind: 'list'; readonly offset: number; readonly items: readonly Located[] }
  | { readonly kind: 'map'; readonly offset: number; readonly members: ReadonlyMap<string, Member> };

export type Member = { readonly offset: number; readonly value: Located };

export type YamlText = {
  readonly root: Located;
  readonly fail: Fail;
  readonly placeOf: (offset: number) => TextPlace;
};

/** What is being read: for messages, and as large and as deep as such a text ever is. */
export type YamlLimits = {
  readonly what: string;
  readonly code: 'POLICY_CASES_INVALID' | 'POLICY_INVALID';
  readonly largest: number;
  readonly deepest: number;
  readonly tooLarge: string;
};

const ALIGN = 'indent it with spaces, as far as the lines that it belongs to';

/** What helps with mistakes that people make in YAML: the library says what it stumbled over. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: ALIGN,
  MISSING_CHAR: `write what is missing, or ${ALIGN}`,
  BLOCK_AS_IMPLICIT_KEY: `${ALIGN}; put a value with a colon in quotes`,
  MULTILINE_IMPLICIT_KEY: 'write a space after the colon of each key',
  BAD_SCALAR_START: 'put the value in quotes',
};

/** Ends the reading with an error at an offset of the text. */
export type Fail = (offset: number, problem: string, hint: string) => never;

/**
 * The YAML that two readers cannot understand differently: one document of maps, lists and scalars, each key once. Anchors,
 * aliases, merge keys, tags and directives are refused.
 */
export function readYaml(text: string, limits: YamlLimits): YamlText {
  const { what, code, largest, tooLarge } = limits;
  if (text.length > largest) {
    throw new PolicyError('POLICY_TOO_LARGE', `${what} has ${text.length} characters, more than ${largest}`, {
      hint: tooLarge,
    });
  }
  const lines = new LineCounter();
  const placeOf = (offset: number): TextPlace => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const fail: Fail = (offset, problem, hint) => {
    throw new PolicyError(code, problem, { hint, place: placeOf(offset) });
  };
  const [document, second] = parse(text, lines, limits);
  if (second !== undefined) {
    fail(second.range[0], 'a second document begins', 'write one document');
  }
  if (document === undefined) return fail(0, `${what} is empty`, 'use the documented format');
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined)
    fail(error.pos[0], error.message.split(/ at line \d+/)[0] ?? '', HINTS[error.code] ?? 'write plain YAML');
  if (/^%/m.test(text)) fail(text.search(/^%/m), 'a directive', 'remove the line that begins with %');
  const root = locate(document.contents, { fail, deepest: limits.deepest, depth: 0, offset: 0 });
  return { root, fail, placeOf };
}

function parse(text: string, lineCounter: LineCounter, { what, code }: YamlLimits) {
  try {
    // Keys are checked below, in linear time; the library compares each with each.
    return [
      ...parseAllDocuments(text, {
        lineCounter,
        uniqueKeys: false,
        merge: false,
        version: '1.2',
        prettyErrors: true,
      }),
    ];
  } catch (cause) {
    // The end of the stack, most of the time: what the library does not get through is refused.
    const place = { line: 1, column: 1 };
    throw new PolicyError(code, `${what} is nested too deeply`, {
      cause,
      place,
      hint: 'use the documented format',
    });
  }
}

type Position = {
  readonly fail: Fail;
  readonly deepest: number;
  readonly depth: number;
  readonly offset: number;
};

function locate(node: unknown, position: Position): Located {
  const { fail, deepest, depth } = position;
  const offset = offsetOf(node) ?? position.offset;
  if (depth > deepest) fail(offset, `nested more than ${deepest} levels deep`, 'use the documented format');
  if (isAlias(node)) fail(offset, 'an alias', 'write the value out');
  if (hasProperty(node, 'anchor'))
    fail(offset, 'an anchor', 'remove it, and write values out where they are needed');
  if (hasProperty(node, 'tag')) fail(offset, 'a tag', 'remove it');
  if (isMap(node)) return { kind: 'map', offset, members: membersOf(node.items, { ...position, offset }) };
  if (isSeq(node)) {
    const items = node.items.map((item) => locate(item, { ...position, depth: depth + 1, offset }));
    return { kind: 'list', offset, items };
  }
  const value = isScalar(node) ? node.value : null;
  return typeof value === 'string' ? { kind: 'text', offset, value } : { kind: 'other', offset, value };
}

type Pair = { readonly key: unknown; readonly value: unknown };

function membersOf(pairs: readonly Pair[], position: Position): ReadonlyMap<string, Member> {
  const { fail, depth } = position;
  const members = new Map<string, Member>();
  for (const { key, value } of pairs) {
    const located = locate(key, { ...position, depth: depth + 1 });
    if (located.kind !== 'text') fail(located.offset, 'a key that is not text', 'put the key in quotes');
    const name = located.kind === 'text' ? located.value : '';
    if (members.has(name)) fail(located.offset, `the key ${quote(name)} a second time`, 'remove one of them');
    members.set(name, {
      offset: located.offset,
      value: locate(value, { ...position, depth: depth + 1, offset: located.offset }),
    });
  }
  return members;
}

function offsetOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
}

/** The parser sets a tag only where the text has one. */
function hasProperty(node: unknown, name: 'anchor' | 'tag'): boolean {
  return typeof node === 'object' && node !== null && (node as Record<string, unknown>)[name] !== undefined;
}
