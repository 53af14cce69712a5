import type { FailedPair, RenewedBatch, RenewedPair } from '@docker-mtls/authority/renewal';

/** As many lines as somebody reads. */
const MOST_SHOWN = 100;

/** What a run has renewed. Of a hundred thousand pairs, no more is kept than what is told of them. */
export type Tally = {
  readonly count: number;
  /** For programs all of them, for people the first. */
  readonly shown: readonly RenewedPair[];
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  readonly failed: readonly FailedPair[];
  /** Of the new certificates, where hooks follow. */
  readonly serials: ReadonlySet<string>;
};

type Growing = {
  count: number;
  readonly shown: RenewedPair[];
  readonly servers: string[];
  readonly clients: string[];
  readonly failed: FailedPair[];
  readonly serials: Set<string>;
  readonly most: number;
  readonly keepsSerials: boolean;
};

export type TallyOrder = { readonly keepsAll: boolean; readonly keepsSerials: boolean };

export function newTally({ keepsAll, keepsSerials }: TallyOrder): Growing {
  const most = keepsAll ? Number.POSITIVE_INFINITY : MOST_SHOWN;
  return {
    count: 0,
    shown: [],
    servers: [],
    clients: [],
    failed: [],
    serials: new Set(),
    most,
    keepsSerials,
  };
}

export function addToTally(tally: Growing, { renewed, failed }: RenewedBatch): void {
  tally.count += renewed.length;
  tally.failed.push(...failed);
  for (const pair of renewed) {
    if (tally.shown.length < tally.most) tally.shown.push(pair);
    (pair.kind === 'server' ? tally.servers : tally.clients).push(pair.name);
    if (tally.keepsSerials) tally.serials.add(pair.serial);
  }
}
