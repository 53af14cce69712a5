import { proveEngine } from '@docker-mtls/proof';
import type { Asked } from '../proof/proof-places.ts';
import type { CheckSubject } from './subject.ts';

export type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

export type CheckOutcome = { readonly verdict: CheckVerdict; readonly asked: readonly Asked[] };

/** Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. */
export async function checkEngine(subject: CheckSubject): Promise<CheckOutcome> {
  const asked: Asked[] = [];
  for (const place of subject.places) {
    const { addresses } = await proveEngine({ ...subject.order, targets: [place.target] });
    asked.push(...addresses.map((proof) => ({ place, proof })));
  }
  return { verdict: verdictOf(subject, asked), asked };
}

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
