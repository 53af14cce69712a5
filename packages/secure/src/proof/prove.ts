import { clientFiles } from '@docker-mtls/authority/archives';
import type { Session } from '@docker-mtls/authority';
import { withPairsOnce } from '@docker-mtls/proof';
import type { PairPem, ProofOrder, Stranger } from '@docker-mtls/proof';
import type { Entry } from '@docker-mtls/ca-directory';
import { expiredClient, foreignClient, serverAsClient, strangersOfOthers } from './strangers.ts';

export type ProvenPair = {
  readonly server: Entry;
  /** A client whose key is on this machine. */
  readonly client: Entry;
};

/**
 * How it is proven that an engine serves this CA's clients and nobody else, wherever it is asked. Where nothing answers, no
 * certificate is made.
 */
export async function proofOrder(
  session: Session,
  { server, client }: ProvenPair,
): Promise<Omit<ProofOrder, 'targets'>> {
  const { roots } = await session.reader.authority();
  return withPairsOnce({
    roots: roots.map(({ pem }) => pem),
    fingerprint: server.fingerprint,
    names: proofNames(server),
    client: { who: `${client.name}, with the pair issued to them`, pair: () => clientPair(client) },
    strangers: strangers(session, client.name),
  });
}

/** What clients connect by. A wildcard stands for any name of its domain. */
export function proofNames(server: Entry): readonly [string, ...string[]] {
  const { sans } = server.certificate().info;
  const named = sans.map((san) => san.value.replace(/^\*\./, 'docker-mtls-proof.'));
  const usual = server.name.replace(/^\*\./, 'docker-mtls-proof.');
  return [usual, ...new Set(named.filter((name) => name !== usual))];
}

/** A client whose key is here, as an engine is asked. */
export function clientPair(client: Entry): PairPem {
  const { certificate, key = '' } = clientFiles(client);
  return { certificate, key };
}

function strangers(session: Session, name: string): readonly Stranger[] {
  return [
    ...strangersOfOthers(() => foreignClient(session, name)),
    {
      kind: 'expired',
      who: 'a client whose certificate has expired',
      pair: () => expiredClient(session, name),
    },
    {
      kind: 'server-certificate',
      who: "a client with a server's certificate",
      pair: () => serverAsClient(session, name),
    },
  ];
}
