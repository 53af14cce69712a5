import { absenceAt, proveEngine } from '@docker-mtls/proof';
import type { ProofOrder } from '@docker-mtls/proof';
import type { Asked, Place } from './proof-places.ts';

export type AskOrder = {
  readonly places: readonly Place[];
  readonly order: Omit<ProofOrder, 'targets'>;
  /** Milliseconds that each place may take; without it, each of its connections has what is usual. */
  readonly patienceMs?: number;
};

export type AskedPlaces = {
  readonly asked: readonly Asked[];
  /** How many were not asked: whether the engine is secured there is not known. */
  readonly unasked: number;
};

/** A name may lead to many addresses, of which none answers. */
const AT_ONCE = 4;
const MOST_BAD = 8;

/** Who serves a name may give it any number of addresses. A process may have as many files open, wherever it runs. */
const MOST_PLACES = 256;

/**
 * Proves an engine at each of its places, a few of them at a time, those on this machine first; after eight that are not as
 * they should be, and after 256 of all, no more elsewhere are asked. Without a patience one is asked at a time: the engine
 * has just restarted.
 */
export async function askPlaces(ask: AskOrder): Promise<AskedPlaces> {
  const { order, patienceMs } = ask;
  const places = firstOf(ask.places);
  const asked = [...(await absentPlaces({ ...ask, places }))];
  const absent = new Set(asked.map(({ place }) => place));
  const left = places.filter((place) => !absent.has(place));
  const atOnce = patienceMs === undefined ? 1 : AT_ONCE;
  for (let at = 0; at < left.length; at += atOnce) {
    if (left[at]?.isLocal !== true && asked.filter(isBad).length >= MOST_BAD) break;
    const some = left.slice(at, at + atOnce).map(async (place) => {
      const target = { targets: [place.target], ...(patienceMs !== undefined && { patienceMs }) };
      const { addresses } = await proveEngine({ ...order, ...target });
      return addresses.map((proof) => ({ place, proof }));
    });
    asked.push(...(await Promise.all(some)).flat());
  }
  return { asked, unasked: ask.places.length - asked.length };
}

/** All of this machine, then as many of those elsewhere as may be asked. */
function firstOf(places: readonly Place[]): readonly Place[] {
  const own = places.filter(({ isLocal }) => isLocal);
  return [...own, ...places.filter(({ isLocal }) => !isLocal).slice(0, MOST_PLACES)];
}

/** A place that the engine need not be at may be silent. */
export function isBad({ place, proof }: Asked): boolean {
  if (proof.verdict === 'unreachable') return place.claim !== 'maybe';
  return proof.verdict !== 'secured';
}

/**
 * Places elsewhere that the engine need not be at, and that take no connection: nothing else is asked there. On this
 * machine it is known at once, and an engine would log the connection.
 */
async function absentPlaces({ places, order, patienceMs }: AskOrder): Promise<readonly Asked[]> {
  const optional = places.filter(({ claim, isLocal }) => claim === 'maybe' && !isLocal);
  const asked = optional.map(async (place): Promise<readonly Asked[]> => {
    const proof = await absenceAt(order, place.target, patienceMs);
    return proof === undefined ? [] : [{ place, proof }];
  });
  return (await Promise.all(asked)).flat();
}
