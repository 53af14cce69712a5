import type { PairOrder } from '@docker-mtls/authority';
import { formatSubjectAltName, validityState } from '@docker-mtls/ca';
import type { SubjectAltName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';

/** Why a pair has to be issued. */
export type Why =
  | { readonly kind: 'missing' | 'files-gone' | 'expired' | 'not-yet-valid' }
  | { readonly kind: 'lacks-names' | 'lacks-groups'; readonly lacking: readonly string[] }
  | { readonly kind: 'due'; readonly notAfter: Date };

/** `undefined` when the pair in force will do. */
export type WhyIssue = (order: PairOrder, entry: Entry | undefined, now: Date) => Why | undefined;

/** A pair is issued where there is none that works and has every name and group that was ordered. */
export function whyIssue(order: PairOrder, entry: Entry | undefined, now: Date): Why | undefined {
  if (entry === undefined) return { kind: 'missing' };
  if (entry.directory === undefined) return { kind: 'files-gone' };
  if (entry.notAfter <= now) return { kind: 'expired' };
  // It was issued by a clock that was ahead.
  if (now < entry.notBefore) return { kind: 'not-yet-valid' };
  const { info } = entry.certificate();
  const names = missingNames(order.sans, info.sans);
  if (names.length > 0) return { kind: 'lacks-names', lacking: names };
  const groups = info.subject.organizationalUnits;
  if (order.groups.some((group) => !groups.includes(group)))
    return { kind: 'lacks-groups', lacking: order.groups };
  return undefined;
}

function missingNames(
  wanted: readonly SubjectAltName[],
  present: readonly SubjectAltName[],
): readonly string[] {
  const there = new Set(present.map(formatSubjectAltName));
  return wanted.map(formatSubjectAltName).filter((name) => !there.has(name));
}

/** The same, or it is time for a new one, if the CA has more time to give. */
export function whyDue(ca: Pick<Entry, 'notAfter'> | undefined): WhyIssue {
  return (order, entry, now) => {
    const why = whyIssue(order, entry, now);
    if (why !== undefined || entry === undefined) return why;
    const endsWithCa = ca !== undefined && entry.notAfter >= ca.notAfter;
    return validityState(entry, now) === 'due' && !endsWithCa
      ? { kind: 'due', notAfter: entry.notAfter }
      : undefined;
  };
}
