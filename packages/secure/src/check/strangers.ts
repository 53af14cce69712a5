import { makeStranger } from '@docker-mtls/proof';
import type { PairPem, Stranger } from '@docker-mtls/proof';
import { strangersOfOthers } from '../proof/strangers.ts';

type StrangersOrder = {
  readonly now: Date;
  /** What the foreign CA calls itself: the same as ours. */
  readonly ca: string;
  readonly client: string;
  /** The engine's own pair, where it is here. */
  readonly server?: PairPem | undefined;
};

/** Clients that must be rejected. None needs the key of the CA, so nothing is issued, and nothing is recorded. */
export function strangersFor({ now, ca, client, server }: StrangersOrder): readonly Stranger[] {
  return [
    ...strangersOfOthers(() => makeStranger(now, { ca, client })),
    ...(server === undefined
      ? []
      : [
          {
            kind: 'server-certificate' as const,
            who: "the engine's own server certificate",
            pair: () => server,
          },
        ]),
  ];
}
