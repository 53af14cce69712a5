/* oxlint-disable unicorn/consistent-function-scoping -- each kind of server has its ways to start beside it */
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import path from 'node:path';
import type tls from 'node:tls';
import { beforeAll, describe } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { engineNeeds } from '../support/needs.ts';
import { makeProofSetup } from '../support/proof-order.ts';
import type { ProofSetup } from '../support/proof-order.ts';
import { relay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temp.ts';
import { makeAuthority } from '../support/test-ca.ts';
import { haproxy, nginx, opensslServer } from '../support/tls-servers.ts';
import { describeNotSecured, describeSecured, proofEngine, SLOW } from './describe-proof.ts';

// Servers that ask most clients for a certificate, and let one in that says something else first.

let setup: ProofSetup;
let secured: number;
let open: number;

const theSetup = (): ProofSetup => setup;

beforeAll(() => {
  setup = makeProofSetup();
});

describeNeeding(['haproxy', ...engineNeeds('28.5')], 'haproxy in front of engines', () => {
  beforeAll(async () => {
    secured = await proofEngine(setup, '28.5');
    open = await proofEngine(setup, '28.5', { tlsverify: false });
  }, SLOW);

  /** Hands a connection on to the open engine where the rule says so, and to the secured one otherwise. */
  const openIf = (rule: string) => async (): Promise<number> => {
    const port = await freePort();
    const rules = `tcp-request inspect-delay 5s\n  tcp-request content accept if { req.ssl_hello_type 1 }`;
    const servers = `server s 127.0.0.1:${secured}\n  server o 127.0.0.1:${open}`;
    const use = `use-server o if ${rule}\n  use-server s unless ${rule}`;
    await haproxy(`listen l\n  mode tcp\n  bind 127.0.0.1:${port}\n  ${rules}\n  ${use}\n  ${servers}`, port);
    return port;
  };
  /** Two processes that share a port, as the kernel deals connections out. */
  const shared = async (): Promise<number> => {
    const port = await freePort();
    const to = (engine: number): string =>
      `listen l\n  mode tcp\n  bind 127.0.0.1:${port}\n  server s 127.0.0.1:${engine}`;
    await haproxy(to(secured), port);
    await haproxy(to(open), port);
    return port;
  };

  describeNotSecured(theSetup, [
    [
      'that hands names which it does not know on to an open engine',
      openIf('{ req.ssl_sni -m found } !{ req.ssl_sni localhost node1 }'),
      'stranger-accepted',
    ],
    [
      'that hands clients who offer HTTP/2 on to an open engine',
      openIf('{ req.ssl_alpn h2 }'),
      'stranger-accepted',
    ],
    ['that shares its port with another one, in front of an open engine', shared, 'stranger-accepted'],
  ]);
  describeSecured(theSetup, [
    [
      'that hangs up where it does not know the name',
      async () => {
        const port = await freePort();
        const rules = [
          'tcp-request inspect-delay 5s',
          'tcp-request content reject if { req.ssl_sni -m found } !{ req.ssl_sni localhost node1 }',
          'tcp-request content accept if { req.ssl_hello_type 1 }',
        ];
        const backend = `server s 127.0.0.1:${secured}`;
        await haproxy(
          ['listen l', 'mode tcp', `bind 127.0.0.1:${port}`, ...rules, backend].join('\n  '),
          port,
        );
        return port;
      },
    ],
  ]);
});

describeNeeding(['openssl', ...engineNeeds('28.5')], 'a relay in front of an engine', () => {
  describeNotSecured(theSetup, [
    [
      'that hands TLS 1.1 on to a server that asks for no certificate',
      async () => {
        const engine = await proofEngine(setup, '28.5');
        const old = await opensslServer(setup.files, ['-tls1_1', '-cipher', 'DEFAULT:@SECLEVEL=0']);
        // The version in the head of a ClientHello, which TLS 1.3 keeps at 1.2.
        return relay((_, hello) => (hello[0] === 22 && hello[10] === 2 ? old : engine));
      },
      'stranger-accepted',
    ],
  ]);
});

describeNeeding(engineNeeds('28.5'), 'engine 28.5', () => {
  describeNotSecured(theSetup, [
    [
      'with another CA of the same name in tlscacert',
      () => {
        const file = path.join(temporaryFolder(), 'ca.pem');
        const other = makeAuthority('test CA', 'ec-p256').pem;
        fs.writeFileSync(file, fs.readFileSync(setup.files.ca, 'utf8') + other);
        return proofEngine(setup, '28.5', { tlscacert: file });
      },
      'foreign-client-ca',
    ],
  ]);
});

describeNeeding(['nginx', ...engineNeeds('28.5')], 'nginx in front of an engine', () => {
  const site = (options: string, rest: string): string => {
    const { certificate, key, ca } = setup.files;
    return `server { listen ${options} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_client_certificate ${ca}; ${rest} }`;
  };
  describeNotSecured(theSetup, [
    [
      'that asks for certificates on one of its sites alone',
      async () => {
        const port = await freePort();
        const engine = await proofEngine(setup, '28.5', { tlsverify: false });
        const on = `location / { proxy_pass https://127.0.0.1:${engine}; }`;
        const asking = `server_name localhost node1 ""; ssl_verify_client on; ${on}`;
        await nginx(
          `${site(`127.0.0.1:${port} default_server`, `server_name _; ${on}`)} ${site(`127.0.0.1:${port}`, asking)}`,
          port,
        );
        return port;
      },
      'stranger-accepted',
    ],
  ]);
});

describe('servers of Node', () => {
  const listening = async (endpoint: Server): Promise<number> => {
    onCleanup(() => void endpoint.close());
    await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
    return (endpoint.address() as AddressInfo).port;
  };
  const files = (): tls.TlsOptions => {
    const { certificate, key, ca } = setup.files;
    return { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), ca: fs.readFileSync(ca) };
  };
  describeNotSecured(theSetup, [
    [
      'that ask for a certificate from the second request of a connection on',
      () => {
        const asked = new WeakSet<Socket>();
        return listening(
          https.createServer(
            { ...files(), requestCert: true, rejectUnauthorized: false },
            ({ socket }, response) => {
              const isFirst = !asked.has(socket);
              asked.add(socket);
              response.writeHead(isFirst || (socket as tls.TLSSocket).authorized ? 200 : 403).end('OK');
            },
          ),
        );
      },
      'stranger-accepted',
    ],
    [
      'that ask for a certificate once they know what is asked of them',
      () =>
        listening(
          https.createServer({ ...files(), maxVersion: 'TLSv1.2' }, ({ socket }, response) => {
            (socket as tls.TLSSocket).renegotiate({ requestCert: true, rejectUnauthorized: true }, (error) =>
              error === null ? response.end('OK') : socket.destroy(),
            );
          }),
        ),
      'stranger-accepted',
    ],
  ]);
});
