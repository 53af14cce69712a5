import { hash as digest } from 'node:crypto';

/** The end of a chain: its last record's number and hash. The next record continues it. */
export type Link = { readonly sequence: number; readonly hash: string };

/** What a record may hold: anything that JSON can, but for the members that the chain adds. */
export type ChainRecord = Readonly<Record<string, unknown>> & {
  readonly seq?: never;
  readonly prev?: never;
  readonly hash?: never;
};

/** Before the first record. */
export const GENESIS: Link = { sequence: 0, hash: '0'.repeat(64) };

/** A line of a chain: its own number, the hash before it, the record, and the hash over all of that. */
const LINE = /^\{"seq":([1-9][0-9]{0,15}),"prev":"([0-9a-f]{64})".*,"hash":"([0-9a-f]{64})"\}$/s;
/** `,"hash":"…"}` */
const TAIL = 75;

/** Writes a record as the next line. The line has no line break in it, and none at its end. */
export function append(previous: Link, record: ChainRecord): { readonly line: string; readonly link: Link } {
  for (const name of ['seq', 'prev', 'hash']) {
    if (Object.hasOwn(record, name)) throw new Error(`a record with a member ${name} of its own`);
  }
  const sequence = previous.sequence + 1;
  const content = JSON.stringify({ seq: sequence, prev: previous.hash, ...record });
  const hash = hashOf(content);
  return { line: `${content.slice(0, -1)},"hash":"${hash}"}`, link: { sequence, hash } };
}

export type ReadLine = { readonly link: Link; readonly previous: string; readonly isIntact: boolean };

/** What a line says of its place in the chain, and whether its hash is right. Undefined: no line of a chain. */
export function readLine(line: string): ReadLine | undefined {
  const [, sequence, previous, hash] = LINE.exec(line) ?? [];
  if (sequence === undefined || previous === undefined || hash === undefined) return undefined;
  const isIntact = hashOf(`${line.slice(0, -TAIL)}}`) === hash;
  return { link: { sequence: Number(sequence), hash }, previous, isIntact };
}

const NUMBER = /^\{"seq":([1-9][0-9]{0,15}),/;

/** The number that a line gives itself. The line is not checked any further. */
export function sequenceOf(line: string): number | undefined {
  const [, sequence] = NUMBER.exec(line) ?? [];
  return sequence === undefined ? undefined : Number(sequence);
}

/**
 * The record of a line, without what the chain added. Undefined where the line is not whole, and for one that nests deeper than any
 * record: nothing that prints it would get to its end.
 */
export function recordOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line.length > SHORT && isDeep(line)) return undefined;
  try {
    const { seq: _seq, prev: _prev, hash: _hash, ...record } = JSON.parse(line) as Record<string, unknown>;
    return record;
  } catch {
    return undefined;
  }
}

/** What does not fit into so much text nests less than a stack is deep. */
const SHORT = 4096;
/** Bodies are recorded 32 levels deep. */
const DEEPEST = 64;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]/gs;

function isDeep(line: string): boolean {
  let depth = 0;
  for (const [token] of line.matchAll(TOKEN)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

function hashOf(content: string): string {
  return digest('sha256', content, 'hex');
}
