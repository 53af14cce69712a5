import { absenceAt, proveEngine } from '@docker-mtls/proof';
import type { Asked } from '../proof/proof-places.ts';
import type { CheckSubject } from './subject.ts';

export type CheckVerdict = 'secured' | 'not secured' | 'unreachable';

export type CheckOutcome = {
  readonly verdict: CheckVerdict;
  readonly asked: readonly Asked[];
  /** How many addresses were not asked: those before have shown already that the engine is not secured. */
  readonly unasked: number;
};

/**
 * Proves an engine as `secure` does in the end, and changes nothing: nothing is issued for it, either. Each address may take
 * `patienceMs`; after eight that are not as they should be, no more are asked.
 */
export async function checkEngine(subject: CheckSubject, patienceMs: number): Promise<CheckOutcome> {
  const { places, order } = subject;
  const asked = [...(await absentPlaces(subject, patienceMs))];
  const absent = new Set(asked.map(({ place }) => place));
  const left = places.filter((place) => !absent.has(place));
  for (let at = 0; at < left.length && asked.filter(isBad).length < MOST_BAD; at += AT_ONCE) {
    const some = left.slice(at, at + AT_ONCE).map(async (place) => {
      const { addresses } = await proveEngine({ ...order, targets: [place.target], patienceMs });
      return addresses.map((proof) => ({ place, proof }));
    });
    asked.push(...(await Promise.all(some)).flat());
  }
  return { verdict: verdictOf(subject, asked), asked, unasked: places.length - asked.length };
}

/** A name may lead to many addresses, of which none answers. */
const AT_ONCE = 4;
const MOST_BAD = 8;

/** A process may have as many files open, and more, wherever it runs. */
const MOST_CONNECTIONS = 256;

/** Places that the engine need not be at, and that take no connection: nothing else is asked there. */
async function absentPlaces({ places, order }: CheckSubject, patienceMs: number): Promise<readonly Asked[]> {
  const optional = places.filter(({ claim }) => claim === 'maybe');
  const absent: Asked[] = [];
  for (let at = 0; at < optional.length; at += MOST_CONNECTIONS) {
    const some = optional.slice(at, at + MOST_CONNECTIONS).map(async (place): Promise<readonly Asked[]> => {
      const proof = await absenceAt(order, place.target, patienceMs);
      return proof === undefined ? [] : [{ place, proof }];
    });
    absent.push(...(await Promise.all(some)).flat());
  }
  return absent;
}

function verdictOf({ files }: CheckSubject, asked: readonly Asked[]): CheckVerdict {
  const reached = asked.filter(({ proof }) => proof.verdict !== 'unreachable');
  if (reached.length === 0) return 'unreachable';
  const isFaulty = files.some(({ severity }) => severity === 'error');
  return asked.some(isBad) || isFaulty ? 'not secured' : 'secured';
}

/** A place that the engine need not be at may be silent. */
function isBad({ place, proof }: Asked): boolean {
  if (proof.verdict === 'unreachable') return place.claim !== 'maybe';
  return proof.verdict !== 'secured';
}
