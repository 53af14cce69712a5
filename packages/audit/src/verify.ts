import { GENESIS, readLine, sequenceOf } from './chain.ts';
import type { Link } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';

export type FaultKind =
  /** Not a line of a chain: cut off, or something else. */
  | 'malformed'
  /** The content is not what was hashed. */
  | 'altered'
  /** Lines are missing before this one. */
  | 'missing'
  /** The number was there before, or an earlier one comes now. */
  | 'repeated'
  /** The number is right, but it continues another chain. */
  | 'foreign'
  /** The chain differs from a checkpoint. */
  | 'rewritten'
  /** The chain ends before a checkpoint. */
  | 'truncated';

export type Verification =
  | { readonly kind: 'intact'; readonly checkpoint: Checkpoint }
  | {
      readonly kind: 'faulty';
      readonly fault: FaultKind;
      /** From 1, among the given lines; one more than there are for `truncated`. */
      readonly line: number;
      /** The record that should be there. */
      readonly sequence: number;
    };

export type VerifyOrder = {
  /**
   * Where a chain that was verified before goes on. Lines up to it are passed over, but for the one that it was taken of, if that is
   * there: it has to be the same. The first line of a chain continues nothing.
   */
  readonly from?: Checkpoint | undefined;
  /** Kept outside of the chain, from anywhere in it. */
  readonly checkpoints?: readonly Checkpoint[];
};

/** Follows a chain line by line, and stops at the first fault. */
export function verify(lines: Iterable<string>, { from, checkpoints = [] }: VerifyOrder = {}): Verification {
  const expected = new Map(checkpoints.map((each) => [each.sequence, each]));
  let last: Link = from ?? GENESIS;
  let count = from?.count ?? 0;
  let number = 0;
  let isReached = from === undefined || from.sequence === 0;
  for (const line of lines) {
    number += 1;
    if (!isReached && from !== undefined) {
      const sequence = sequenceOf(line);
      if (sequence === undefined || sequence < from.sequence) continue;
      isReached = true;
      if (sequence === from.sequence) {
        if (readLine(line)?.link.hash !== from.hash) return faulty('rewritten', number, sequence);
        continue;
      }
    }
    const fault = faultOf(line, last, expected);
    if (typeof fault === 'string') return faulty(fault, number, last.sequence + 1);
    last = fault;
    count += 1;
  }
  const isShort = !isReached || checkpoints.some((each) => isBeyond(each, last, count));
  return isShort
    ? faulty('truncated', number + 1, isReached ? last.sequence + 1 : last.sequence)
    : { kind: 'intact', checkpoint: { ...last, count } };
}

function isBeyond(each: Checkpoint, last: Link, count: number): boolean {
  return each.sequence > last.sequence || (each.sequence === last.sequence && each.count > count);
}

function faulty(fault: FaultKind, line: number, sequence: number): Verification {
  return { kind: 'faulty', fault, line, sequence };
}

/** The fault of a line, or the link that it adds. */
function faultOf(line: string, last: Link, expected: ReadonlyMap<number, Checkpoint>): FaultKind | Link {
  const read = readLine(line);
  if (read === undefined) return 'malformed';
  const { link, previous, isIntact } = read;
  if (!isIntact) return 'altered';
  if (link.sequence > last.sequence + 1) return 'missing';
  if (link.sequence <= last.sequence) return 'repeated';
  if (previous !== last.hash) return 'foreign';
  const checkpoint = expected.get(link.sequence);
  return checkpoint !== undefined && checkpoint.hash !== link.hash ? 'rewritten' : link;
}
