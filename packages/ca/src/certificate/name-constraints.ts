import { quote } from '@docker-mtls/errors';
import { DerError, elements, readSequence } from '../der/read.ts';
import type { Element } from '../der/read.ts';
import { contextConstructedTag } from '../der/tag.ts';
import type { GeneralName } from './extensions.ts';
import { constrainedName, isExcludedBy, isPermittedBy, readSubtree } from './subtree.ts';
import type { ConstrainedName, Subtree, Unknown } from './subtree.ts';

/** For which names a CA may sign, and for which it may not (RFC 5280 section 4.2.1.10). */
export type NameConstraints = {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
  /** Some are of a kind that Go's crypto/x509 does not obey, such as directoryName. */
  readonly hasOtherKinds: boolean;
  /** Some are so written that Go does not read the certificate. */
  readonly isUnreadable: boolean;
};

const WHAT = 'nameConstraints';
// Go's limit before it went through them faster (VerifyOptions.MaxConstraintComparisions).
const MOST_COMPARISONS = 250_000;

/** Throws `DerError` only. */
export function readNameConstraints(value: Buffer): NameConstraints {
  const reader = readSequence(value, WHAT);
  const permitted = readSubtrees(reader.readIf(contextConstructedTag(0), WHAT));
  const excluded = readSubtrees(reader.readIf(contextConstructedTag(1), WHAT));
  reader.finish(WHAT);
  const all = [...permitted, ...excluded];
  if (all.length === 0) throw new DerError(`${WHAT}: there are none`);
  return {
    permitted: permitted.filter(isKnown),
    excluded: excluded.filter(isKnown),
    hasOtherKinds: all.includes('other'),
    isUnreadable: all.includes('unreadable'),
  };
}

/**
 * What name constraints do to names that they do not allow, as the words after `name constraints`; `undefined` when
 * they allow all. As Go's crypto/x509 does, it looks at the names of subjectAltName alone, and at each kind of name by
 * the constraints of that kind.
 */
export function nameConstraintsProblem(
  { permitted, excluded }: NameConstraints,
  names: readonly GeneralName[],
): string | undefined {
  if (names.length * (permitted.length + excluded.length) > MOST_COMPARISONS)
    return 'are too many to be compared with so many names';
  for (const name of names) {
    const verdict = judge(constrainedName(name), permitted, excluded);
    if (verdict !== undefined) return `${verdict} ${quote(name.value)}`;
  }
  return undefined;
}

function judge(
  name: ConstrainedName | Unknown,
  permitted: readonly Subtree[],
  excluded: readonly Subtree[],
): string | undefined {
  if (name === 'other') return undefined;
  if (name === 'unreadable') return 'cannot be held against';
  if (excluded.some((subtree) => isExcludedBy(name, subtree))) return 'exclude';
  return isPermitted(name, permitted) ? undefined : 'do not permit';
}

/** What nothing is said of is permitted. */
function isPermitted(name: ConstrainedName, permitted: readonly Subtree[]): boolean {
  const ofItsKind = permitted.filter(({ kind }) => kind === name.kind);
  return ofItsKind.length === 0 || ofItsKind.some((subtree) => isPermittedBy(name, subtree));
}

function readSubtrees(field: Element | undefined): (Subtree | Unknown)[] {
  if (field === undefined) return [];
  const subtrees = elements(field.content, WHAT).map(readSubtree);
  if (subtrees.length === 0) throw new DerError(`${WHAT}: an empty list`);
  return subtrees;
}

function isKnown(subtree: Subtree | Unknown): subtree is Subtree {
  return typeof subtree !== 'string';
}
