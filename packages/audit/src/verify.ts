import { GENESIS, readLine } from './chain.ts';
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
  /** Where the lines continue from: verified before. The first line of a chain continues nothing. */
  readonly from?: Checkpoint | undefined;
  /** Kept outside of the chain, from anywhere in it. */
  readonly checkpoints?: readonly Checkpoint[];
};

/** Follows a chain line by line, and stops at the first fault. */
export function verify(lines: Iterable<string>, { from, checkpoints = [] }: VerifyOrder = {}): Verification {
  const expected = new Map(checkpoints.map((checkpoint) => [checkpoint.sequence, checkpoint]));
  let last: Link = from ?? GENESIS;
  let count = from?.count ?? 0;
  let number = 0;
  for (const line of lines) {
    number += 1;
    const fault = faultOf(line, last, expected);
    if (typeof fault === 'string')
      return { kind: 'faulty', fault, line: number, sequence: last.sequence + 1 };
    last = fault;
    count += 1;
  }
  const isShort = checkpoints.some(
    (each) => each.sequence > last.sequence || (each.sequence === last.sequence && each.count > count),
  );
  if (isShort) return { kind: 'faulty', fault: 'truncated', line: number + 1, sequence: last.sequence + 1 };
  return { kind: 'intact', checkpoint: { ...last, count } };
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
