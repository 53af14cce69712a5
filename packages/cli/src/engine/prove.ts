import { clientFiles } from '@docker-mtls/authority';
import { proveEngine } from '@docker-mtls/proof';
import type { Caller, Pair, Proof, Target } from '@docker-mtls/proof';
import type { Entry } from '@docker-mtls/store';
import { expiredClient, foreignClient, serverAsClient } from './proof-pairs.ts';
import type { CliSession as Session } from '../ca/session.ts';

export type ProofOrder = {
  /** Where to connect; the certificate must be good for the server's name. */
  readonly host: string;
  readonly port: number;
  readonly server: Entry;
  /** A client whose key is here. */
  readonly client: Entry;
};

/**
 * Knocks at the engine as the client, who is to be served, and then as everybody who is not. Where nobody answers,
 * nothing is made or recorded.
 */
export async function prove(session: Session, order: ProofOrder): Promise<Proof> {
  const { host, port, server, client } = order;
  const roots = session.reader
    .authority()
    .roots.map(({ pem }) => pem)
    .join('');
  const target: Target = { host, port, name: server.name, roots };
  const own: Caller = {
    who: `${client.name}, with the pair issued to them`,
    expected: 'served',
    pair: () => pairOf(client),
  };
  return proveEngine(target, server.fingerprint, own, strangers(session, client.name));
}

function pairOf(client: Entry): Pair {
  const { certificate, key = '' } = clientFiles(client);
  return { certificate, key };
}

function strangers(session: Session, name: string): readonly Caller[] {
  return [
    { who: 'anybody, in the clear', expected: 'refused', inTheClear: true },
    { who: 'a client with no certificate', expected: 'refused' },
    {
      who: "a foreign CA's client of the same name",
      expected: 'refused',
      pair: () => foreignClient(session, name),
    },
    {
      who: 'a client whose certificate has expired',
      expected: 'refused',
      pair: () => expiredClient(session, name),
    },
    {
      who: "a client with a server's certificate",
      expected: 'refused',
      pair: () => serverAsClient(session, name),
    },
  ];
}
