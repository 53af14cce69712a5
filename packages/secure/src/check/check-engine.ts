import { proveEngine } from '@docker-mtls/proof';
import type { Asked } from '../proof/proof-places.ts';
import type { CheckSubject } from './subject.ts';

export type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

export type CheckOutcome = { readonly verdict: CheckVerdict; readonly asked: readonly Asked[] };

/**
 * Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. Each address may take
 * `patienceMs`.
 */
export async function checkEngine(subject: CheckSubject, patienceMs: number): Promise<CheckOutcome> {
  const { places, order } = subject;
  const asked: Asked[] = [];
  for (let at = 0; at < places.length; at += AT_ONCE) {
    const some = places.slice(at, at + AT_ONCE).map(async (place) => {
      const { addresses } = await proveEngine({ ...order, targets: [place.target], patienceMs });
      return addresses.map((proof) => ({ place, proof }));
    });
    asked.push(...(await Promise.all(some)).flat());
  }
  return { verdict: verdictOf(subject, asked), asked };
}

/** A name may lead to many addresses, of which none answers. */
const AT_ONCE = 4;

function verdictOf({ files }: CheckSubject, asked: readonly Asked[]): CheckVerdict {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  if (reached.length === 0) return 'unreachable';
  const isFaulty = files.some(({ severity }) => severity === 'error');
  const isMissing = asked.some(
    ({ place, proof }) => proof.verdict === 'unreachable' && place.claim !== 'maybe',
  );
  const isBad = reached.some(({ proof }) => proof.verdict !== 'secured');
  return isBad || isFaulty || isMissing ? 'not secured' : 'secured';
}
