import { askPlaces, isBad } from '../proof/ask-places.ts';
import type { AskedPlaces } from '../proof/ask-places.ts';
import type { CheckSubject } from './subject.ts';

export type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

export type CheckOutcome = AskedPlaces & { readonly verdict: CheckVerdict };

/**
 * Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. Each address may take
 * `patienceMs`. An engine with addresses that were not asked is not secured as far as is known.
 */
export async function checkEngine(subject: CheckSubject, patienceMs: number): Promise<CheckOutcome> {
  const { places, order } = subject;
  const answers = await askPlaces({ places, order, patienceMs });
  return { ...answers, verdict: verdictOf(subject, answers) };
}

/** What the files of an engine and the answers at its places come to. */
export function verdictOf(
  { files }: Pick<CheckSubject, 'files'>,
  { asked, unasked }: AskedPlaces,
): CheckVerdict {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  if (reached.length === 0) return 'unreachable';
  const isFaulty = files.some(({ severity }) => severity === 'error');
  return asked.some(isBad) || isFaulty || unasked > 0 ? 'not secured' : 'secured';
}
