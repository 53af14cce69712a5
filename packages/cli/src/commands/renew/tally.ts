import type { FailedPair, RenewedBatch, RenewedPair } from '@docker-mtls/authority/renewal';
import type { LeafKind } from '@docker-mtls/registry';
import { nameList } from '../../pair/name-list.ts';
import type { NameList } from '../../pair/name-list.ts';

/** As many lines as somebody reads. */
const MOST_SHOWN = 100;

/** What a run has renewed. Of a hundred thousand pairs, no more is kept than what is told of them. */
export type Tally = {
  readonly count: number;
  /** For programs all of them, for people the first. */
  readonly shown: readonly RenewedPair[];
  readonly servers: NameList;
  readonly clients: NameList;
  readonly failed: readonly FailedPair[];
  /** Of the new certificates, where hooks follow. */
  readonly serials: ReadonlySet<string>;
};

type Growing = {
  count: number;
  readonly shown: RenewedPair[];
  readonly servers: NameList;
  readonly clients: NameList;
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
    servers: nameList(),
    clients: nameList(),
    failed: [],
    serials: new Set(),
    most,
    keepsSerials,
  };
}

export function addToTally(tally: Growing, { renewed, failed }: RenewedBatch): void {
  tally.count += renewed.length;
  tally.failed.push(...failed);
  tally.servers.add(namesOf(renewed, 'server'));
  tally.clients.add(namesOf(renewed, 'client'));
  for (const pair of renewed) {
    if (tally.shown.length < tally.most) tally.shown.push(pair);
    if (tally.keepsSerials) tally.serials.add(pair.serial);
  }
}

function namesOf(pairs: readonly RenewedPair[], kind: LeafKind): readonly string[] {
  return pairs.filter((pair) => pair.kind === kind).map(({ name }) => name);
}
