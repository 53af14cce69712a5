import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import { quote } from '@docker-mtls/errors';
import { PolicyError } from '../error.ts';

/** A value of the text and where it begins. */
export type Located =
  | { readonly kind: 'text'; readonly offset: number; readonly value: string }
  | { readonly kind: 'other'; readonly offset: number; readonly value: unknown }
  | { readonly kind: 'list'; readonly offset: number; readonly items: readonly Located[] }
  | { readonly kind: 'map'; readonly offset: number; readonly members: ReadonlyMap<string, Member> };

export type Member = { readonly offset: number; readonly value: Located };

export type PolicyText = { readonly root: Located; readonly fail: Fail };

/** Ends the reading with an error at an offset of the text. */
export type Fail = (offset: number, problem: string, hint: string) => never;

const LARGEST = 256 * 1024;
const DEEPEST = 10;

/**
 * The YAML that two readers cannot understand differently: one document of maps, lists and scalars, each key once. Anchors,
 * aliases, merge keys, tags and directives are refused.
 */
export function readYaml(text: string): PolicyText {
  if (text.length > LARGEST) {
    throw new PolicyError(
      'POLICY_TOO_LARGE',
      `the policy has ${text.length} characters, more than ${LARGEST}`,
      {
        hint: 'Bind roles to organizational units instead of names.',
      },
    );
  }
  const lines = new LineCounter();
  const fail: Fail = (offset, problem, hint) => {
    const { line, col } = lines.linePos(offset);
    throw new PolicyError('POLICY_INVALID', `line ${line}, column ${col}: ${problem}`, { hint });
  };
  const [document, second] = parse(text, lines);
  if (second !== undefined) {
    fail(second.range[0], 'a second document begins', 'Write one document.');
  }
  if (document === undefined)
    return fail(0, 'the policy is empty', 'Write at least apiVersion and bindings.');
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined)
    fail(error.pos[0], error.message.split(/ at line \d+/)[0] ?? '', 'Write plain YAML.');
  if (/^%/m.test(text)) fail(text.search(/^%/m), 'a directive', 'Remove the line that begins with %.');
  return { root: locate(document.contents, { fail, depth: 0, offset: 0 }), fail };
}

function parse(text: string, lineCounter: LineCounter) {
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
    if (!(cause instanceof RangeError)) throw cause;
    throw new PolicyError('POLICY_INVALID', 'line 1, column 1: the policy is nested too deeply', { cause });
  }
}

type Place = { readonly fail: Fail; readonly depth: number; readonly offset: number };

function locate(node: unknown, place: Place): Located {
  const { fail, depth } = place;
  const offset = offsetOf(node) ?? place.offset;
  if (depth > DEEPEST) fail(offset, `nested more than ${DEEPEST} levels deep`, 'Use the documented format.');
  if (isAlias(node)) fail(offset, 'an alias', 'Write the value out.');
  if (hasProperty(node, 'anchor'))
    fail(offset, 'an anchor', 'Remove it, and write values out where they are needed.');
  if (hasProperty(node, 'tag')) fail(offset, 'a tag', 'Remove it.');
  if (isMap(node)) return { kind: 'map', offset, members: membersOf(node.items, { ...place, offset }) };
  if (isSeq(node)) {
    const items = node.items.map((item) => locate(item, { fail, depth: depth + 1, offset }));
    return { kind: 'list', offset, items };
  }
  const value = isScalar(node) ? node.value : null;
  return typeof value === 'string' ? { kind: 'text', offset, value } : { kind: 'other', offset, value };
}

type Pair = { readonly key: unknown; readonly value: unknown };

function membersOf(pairs: readonly Pair[], { fail, depth, offset }: Place): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  for (const { key, value } of pairs) {
    const located = locate(key, { fail, depth: depth + 1, offset });
    if (located.kind !== 'text') fail(located.offset, 'a key that is not text', 'Put the key in quotes.');
    const name = located.kind === 'text' ? located.value : '';
    if (members.has(name))
      fail(located.offset, `the key ${quote(name)} a second time`, 'Remove one of them.');
    members.set(name, {
      offset: located.offset,
      value: locate(value, { fail, depth: depth + 1, offset: located.offset }),
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
