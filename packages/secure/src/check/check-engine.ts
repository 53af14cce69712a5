import { askPlaces, isBad } from '../proof/ask-places.ts';
import type { AskedPlaces } from '../proof/ask-places.ts';
import type { Asked } from '../proof/proof-places.ts';
import type { CheckSubject } from './subject.ts';

export type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

export type CheckOutcome = AskedPlaces & { readonly verdict: CheckVerdict };

/**
 * Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. Each address may take
 * `patienceMs`.
 */
export async function checkEngine(subject: CheckSubject, patienceMs: number): Promise<CheckOutcome> {
  const { places, order } = subject;
  const { asked, unasked } = await askPlaces({ places, order, patienceMs });
  return { verdict: verdictOf(subject, asked), asked, unasked };
}

function verdictOf({ files }: CheckSubject, asked: readonly Asked[]): CheckVerdict {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  if (reached.length === 0) return 'unreachable';
  const isFaulty = files.some(({ severity }) => severity === 'error');
  return asked.some(isBad) || isFaulty ? 'not secured' : 'secured';
}
