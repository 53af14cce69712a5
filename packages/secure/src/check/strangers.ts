import { makeStranger } from '@docker-mtls/proof';
import type { PairPem, Stranger } from '@docker-mtls/proof';

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
    { kind: 'plain-http', who: 'anybody, over plain HTTP' },
    { kind: 'no-certificate', who: 'a client with no certificate' },
    {
      kind: 'foreign-ca',
      who: "a foreign CA's client of the same name",
      pair: () => makeStranger(now, { ca, client }),
    },
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
