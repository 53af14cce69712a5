import fs from 'node:fs';
import path from 'node:path';
import type { Authority } from '@docker-mtls/ca';
import { proveEngine } from '@docker-mtls/proof';
import type { EngineProof, PairPem, ProofOrder } from '@docker-mtls/proof';
import { temporaryFolder } from './temp.ts';
import { days, issuePair, makeAuthority } from './test-ca.ts';
import type { ServerFiles } from './tls-servers.ts';

/** A CA, an engine's pair as files, and the order to prove an engine that serves with it. */
export type ProofSetup = {
  readonly authority: Authority;
  readonly files: ServerFiles;
  /** The engine's certificate and key in one file, as haproxy takes them. */
  readonly joined: string;
  /** PEM of another CA, which no engine of this one may trust. */
  readonly otherCa: string;
  readonly prove: (ports: readonly number[], changes?: Partial<ProofOrder>) => Promise<EngineProof>;
};

export function makeProofSetup(): ProofSetup {
  const folder = temporaryFolder();
  const { authority, pem } = makeAuthority('test CA', 'ec-p256', days(-10, 300));
  const server = issuePair(authority, 'server', { name: 'node1', sans: ['localhost', 'node1', '127.0.0.1'] });
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const files = {
    certificate: write('cert.pem', server.certificate),
    key: write('key.pem', server.key),
    ca: write('ca.pem', pem),
  };
  const order: Omit<ProofOrder, 'targets'> = {
    roots: [pem],
    names: ['localhost', 'node1', '127.0.0.1'],
    client: { who: 'alice', pair: pairOnce(() => issuePair(authority, 'client', { name: 'alice' })) },
    strangers: strangersOf(authority),
  };
  return {
    authority,
    files,
    joined: write('joined.pem', server.certificate + server.key),
    otherCa: makeAuthority('another CA', 'ec-p256').pem,
    prove: (ports, changes = {}) =>
      proveEngine({ ...order, targets: ports.map((port) => ({ host: '127.0.0.1', port })), ...changes }),
  };
}

function strangersOf(authority: Authority): ProofOrder['strangers'] {
  const foreign = makeAuthority('test CA', 'ec-p256').authority;
  const expired = days(-3, -1);
  const sans = ['localhost'];
  return [
    { kind: 'plain-http', who: 'plain HTTP' },
    { kind: 'no-certificate', who: 'no certificate' },
    {
      kind: 'foreign-ca',
      who: 'foreign CA',
      pair: pairOnce(() => issuePair(foreign, 'client', { name: 'alice' })),
    },
    {
      kind: 'expired',
      who: 'expired',
      pair: pairOnce(() => issuePair(authority, 'client', { name: 'alice', validity: expired })),
    },
    {
      kind: 'server-certificate',
      who: 'server',
      pair: pairOnce(() => issuePair(authority, 'server', { name: 'alice', sans })),
    },
  ];
}

function pairOnce(make: () => PairPem): () => PairPem {
  let made: PairPem | undefined;
  return () => (made ??= make());
}
