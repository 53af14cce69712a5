/* oxlint-disable unicorn/consistent-function-scoping -- each kind of server has its ways to start beside it */
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type tls from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { ENGINE_VERSIONS } from '../support/engine-install.ts';
import { startEngine } from '../support/engine.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { freePort } from '../support/free-port.ts';
import { makeProofSetup } from '../support/proof-order.ts';
import type { ProofSetup } from '../support/proof-order.ts';
import { alertRecord, join, offersTls13, relay } from '../support/relay.ts';
import { temporaryFolder } from '../support/temp.ts';
import { issuePair } from '../support/test-ca.ts';
import { haproxy, nginx, opensslServer } from '../support/tls-servers.ts';
import {
  describeNotSecured as describeFaulty,
  describeSecured as describeHealthy,
  proofEngine,
  SLOW,
} from './describe-proof.ts';
import type { Faulty, Healthy } from './describe-proof.ts';

// Servers that could be taken for a secured engine, and secured engines that could be taken for something else.

let setup: ProofSetup;
/** Ports of engines of this machine: one that is secured, one with TLS that accepts everybody. */
let secured: number;
let open: number;

const engine = (version: EngineVersion, changes: Record<string, unknown> = {}): Promise<number> =>
  proofEngine(setup, version, changes);

const describeNotSecured = (faulty: readonly Faulty[]): void => describeFaulty(() => setup, faulty);
const describeSecured = (healthy: readonly Healthy[]): void => describeHealthy(() => setup, healthy);

beforeAll(() => {
  setup = makeProofSetup();
});

for (const version of ENGINE_VERSIONS) {
  describeNeeding(engineNeeds(version), `engine ${version}`, () => {
    describeSecured([['with tlsverify', () => engine(version)]]);
    describeNotSecured([
      ['with tlsverify off', () => engine(version, { tlsverify: false }), 'stranger-accepted'],
      [
        'with another CA in tlscacert',
        () => {
          const file = path.join(temporaryFolder(), 'ca.pem');
          fs.writeFileSync(file, fs.readFileSync(setup.files.ca, 'utf8') + setup.otherCa);
          return engine(version, { tlscacert: file });
        },
        'foreign-client-ca',
      ],
    ]);
  });
}

const CERT_ONLY = ['-Verify', '1', '-verify_return_error'];

describeNeeding(['openssl'], 'openssl s_server', () => {
  const server =
    (...options: string[]) =>
    (): Promise<number> =>
      opensslServer(setup.files, options);
  describeSecured([
    ['that wants certificates', server(...CERT_ONLY)],
    ['of TLS 1.2 alone that wants certificates', server(...CERT_ONLY, '-tls1_2')],
    ['of TLS 1.3 alone that wants certificates', server(...CERT_ONLY, '-tls1_3')],
  ]);
  describeNotSecured([
    ['that asks for no certificate', server(), 'stranger-accepted'],
    [
      'that asks for a certificate and wants none',
      server('-verify', '1', '-verify_return_error'),
      'stranger-accepted',
    ],
    ['that takes any certificate', server('-Verify', '1'), 'stranger-accepted'],
    ['that takes expired certificates', server(...CERT_ONLY, '-no_check_time'), 'stranger-accepted'],
    ['that takes certificates of servers', server(...CERT_ONLY, '-purpose', 'any'), 'stranger-accepted'],
    [
      'with another certificate for the same names when it is asked by one of them',
      async () => {
        const { certificate, key } = issuePair(setup.authority, 'server', {
          name: 'x',
          sans: ['localhost', 'node1', '127.0.0.1'],
        });
        const folder = temporaryFolder();
        fs.writeFileSync(path.join(folder, 'c.pem'), certificate);
        fs.writeFileSync(path.join(folder, 'k.pem'), key);
        return opensslServer(setup.files, [
          ...CERT_ONLY,
          '-servername',
          'node1',
          '-cert2',
          `${folder}/c.pem`,
          '-key2',
          `${folder}/k.pem`,
        ]);
      },
      'engine-changed',
    ],
  ]);
});

describeNeeding(['haproxy', ...engineNeeds('28.5')], 'haproxy in front of engines', () => {
  beforeAll(async () => {
    secured = await engine('28.5');
    open = await engine('28.5', { tlsverify: false });
  }, SLOW);

  const tcp = async (rules: string, backends = `server open 127.0.0.1:${open}`): Promise<number> => {
    const port = await freePort();
    await haproxy(`listen l\n  mode tcp\n  bind 127.0.0.1:${port}\n  ${rules}\n  ${backends}`, port);
    return port;
  };
  /** Ends TLS itself, and speaks with an engine that takes everybody. */
  const ending = async (bind: string, rules = ''): Promise<number> => {
    const port = await freePort();
    const front = `bind 127.0.0.1:${port} ssl crt ${setup.joined} ${bind}`;
    await haproxy(
      `listen l\n  mode http\n  ${front}\n  ${rules}\n  server open 127.0.0.1:${open} ssl verify none`,
      port,
    );
    return port;
  };
  const limit = (connections: number, action = 'reject'): string =>
    `stick-table type ip size 1k expire 60s store conn_cnt\n  tcp-request connection track-sc0 src\n  tcp-request connection ${action} if { sc0_conn_cnt gt ${connections + 1} }`;
  const required = (): string => `ca-file ${setup.files.ca} verify required`;

  describeSecured([
    ['that hands connections on to a secured engine', () => tcp('', `server s 127.0.0.1:${secured}`)],
    ['that ends TLS and wants certificates', () => ending(required())],
  ]);
  describeNotSecured([
    // The first connection is that of the test, which waits for haproxy.
    ['that takes one connection', () => tcp(limit(1)), 'engine-changed'],
    ['that takes two connections', () => tcp(limit(2)), 'engine-changed'],
    ['that takes three connections', () => tcp(limit(3)), 'engine-changed'],
    ['that takes four connections', () => tcp(limit(4)), 'stranger-accepted'],
    [
      'that hangs up when the client has spoken',
      () =>
        tcp(
          `${limit(99)}\n  tcp-request inspect-delay 5s\n  tcp-request content reject if { sc0_conn_cnt gt 3 } { req.len gt 0 }`,
        ),
      'engine-changed',
    ],
    [
      'that shares connections out to a secured and an open engine',
      () => tcp('balance roundrobin', `server s 127.0.0.1:${secured}\n  server o 127.0.0.1:${open}`),
      'stranger-accepted',
    ],
    [
      'that hands on what comes without SNI to an open engine',
      () =>
        tcp(
          `tcp-request inspect-delay 5s\n  tcp-request content accept if { req.ssl_hello_type 1 }\n  use-server s if { req.ssl_sni -m found }\n  use-server o unless { req.ssl_sni -m found }`,
          `server s 127.0.0.1:${secured}\n  server o 127.0.0.1:${open}`,
        ),
      'stranger-accepted',
    ],
    [
      'that hands one name on to an open engine',
      () =>
        tcp(
          `tcp-request inspect-delay 5s\n  tcp-request content accept if { req.ssl_hello_type 1 }\n  use-server o if { req.ssl_sni node1 }\n  use-server s unless { req.ssl_sni node1 }`,
          `server s 127.0.0.1:${secured}\n  server o 127.0.0.1:${open}`,
        ),
      'stranger-accepted',
    ],
    ['that ends TLS and asks for no certificate', () => ending(''), 'stranger-accepted'],
    [
      'that ends TLS and answers 403 without a certificate',
      () => ending(`ca-file ${setup.files.ca} verify optional`, 'http-request deny if !{ ssl_c_used }'),
      'stranger-accepted',
    ],
    [
      'that ends TLS and hangs up without a certificate',
      () =>
        ending(`ca-file ${setup.files.ca} verify optional`, 'http-request silent-drop if !{ ssl_c_used }'),
      'stranger-accepted',
    ],
    [
      'that ends TLS and takes any certificate',
      () => ending(`${required()} ca-ignore-err all crt-ignore-err all`),
      'stranger-accepted',
    ],
    [
      'that ends TLS and takes expired certificates',
      () => ending(`${required()} crt-ignore-err 10`),
      'stranger-accepted',
    ],
    [
      'that ends TLS and takes those of another CA too',
      () => {
        const file = path.join(temporaryFolder(), 'ca.pem');
        fs.writeFileSync(file, fs.readFileSync(setup.files.ca, 'utf8') + setup.otherCa);
        return ending(`ca-file ${file} verify required`);
      },
      'foreign-client-ca',
    ],
    [
      'that ends TLS and does not say of which CAs it takes clients',
      () => ending(`${required()} no-ca-names`),
      'client-cas-unlisted',
    ],
  ]);
});

describeNeeding(['nginx', ...engineNeeds('28.5')], 'nginx in front of an engine', () => {
  beforeAll(async () => {
    open = await engine('28.5', { tlsverify: false });
  }, SLOW);
  const server = (verify: string) => async (): Promise<number> => {
    const port = await freePort();
    const { certificate, key, ca } = setup.files;
    const pair = `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_client_certificate ${ca};`;
    await nginx(
      `server { listen 127.0.0.1:${port} ssl; ${pair} ssl_verify_client ${verify}; location / { proxy_pass https://127.0.0.1:${open}; } }`,
      port,
    );
    return port;
  };
  describeNotSecured([
    // It finishes every handshake, and rejects by an HTTP answer: no engine does that.
    ['that answers 400 without a certificate', server('on'), 'stranger-accepted'],
    ['that wants no certificate', server('optional'), 'stranger-accepted'],
    ['that takes any certificate', server('optional_no_ca'), 'stranger-accepted'],
  ]);
});

describeNeeding(engineNeeds('28.5'), 'a relay in front of engines', () => {
  beforeAll(async () => {
    secured = await engine('28.5');
    open = await engine('28.5', { tlsverify: false });
  }, SLOW);
  const hangUp = (client: { destroy: () => void }): void => void client.destroy();

  describeSecured([
    ['that hands everything on', () => relay(() => secured)],
    // As an engine does that restarts in the middle of a proof.
    ['that hangs up for a while', () => relay((count) => (count > 5 && count < 9 ? hangUp : secured))],
  ]);
  describeNotSecured([
    [
      'that hands TLS 1.2 on to an open engine',
      () => relay((_, first) => (offersTls13(first) ? secured : open)),
      'stranger-accepted',
    ],
    [
      'that hands TLS 1.3 on to an open engine',
      () => relay((_, first) => (offersTls13(first) ? open : secured)),
      'stranger-accepted',
    ],
    [
      'that hands plain HTTP on to an open engine',
      () => relay((_, first) => (first[0] === 22 ? secured : openPlain())),
      'stranger-accepted',
    ],
    ['that hangs up after the client', () => relay((count) => (count < 2 ? open : hangUp)), 'engine-changed'],
    [
      'that sends alerts of its own after the client',
      () => relay((count) => (count < 2 ? open : (client) => void client.end(alertRecord(42)))),
      'rejection-unclear',
    ],
    [
      "that cuts off a handshake with an open engine by an alert of its own after the engine's certificate",
      () =>
        relay((count) => {
          if (count < 2) return open;
          return (client, first) => {
            const engineSide = join(client, first, open);
            client.once('data', () => {
              engineSide.unpipe(client);
              client.end(alertRecord(42));
            });
          };
        }),
      'rejection-unclear',
    ],
    [
      'that hangs up after all others, when the client comes again',
      () => relay((count) => (count < 20 ? secured : hangUp)),
      'engine-changed',
    ],
  ]);

  let plain: number | undefined;
  function openPlain(): number {
    if (plain === undefined) throw new Error('no open engine');
    return plain;
  }
  beforeAll(async () => {
    const folder = temporaryFolder();
    plain = await freePort();
    const configFile = path.join(folder, 'daemon.json');
    fs.writeFileSync(
      configFile,
      JSON.stringify({ hosts: [`unix://${folder}/d.sock`, `tcp://127.0.0.1:${plain}`], tls: false }),
    );
    await startEngine({ version: '28.5', configFile });
  }, SLOW);

  test('one of several addresses that is open makes the whole not secured', async () => {
    const proof = await setup.prove([secured, open, secured]);
    expect(proof.verdict).toBe('unsecured');
    expect(proof.addresses.map(({ verdict }) => verdict)).toEqual(['secured', 'unsecured', 'secured']);
  });

  test('one of several addresses that cannot be reached is named, and the whole is not secured', async () => {
    const proof = await setup.prove([secured, await freePort()]);
    expect(proof.verdict).toBe('unreachable');
    expect(proof.addresses[1]).toMatchObject({
      verdict: 'unreachable',
      findings: [{ id: 'address-unreachable' }],
    });
  });
});

describe('servers of Node', () => {
  const server = (options: tls.TlsOptions) => async (): Promise<number> => {
    const { certificate, key, ca } = setup.files;
    const pair = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), ca: fs.readFileSync(ca) };
    const endpoint = https.createServer({ ...pair, ...options }, (request, response) => {
      const { authorized } = request.socket as tls.TLSSocket;
      response.writeHead(authorized ? 200 : 403).end('OK');
    });
    onCleanup(() => void endpoint.close());
    await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
    return (endpoint.address() as AddressInfo).port;
  };
  describeNotSecured([
    [
      'that hang up on others without an alert',
      server({ requestCert: true, rejectUnauthorized: true }),
      'rejection-unclear',
    ],
    [
      'that answer 403 to others',
      server({ requestCert: true, rejectUnauthorized: false }),
      'stranger-accepted',
    ],
  ]);

  test('see no session that was resumed, though they offer them', async () => {
    const { certificate, key, ca } = setup.files;
    const reused: boolean[] = [];
    const endpoint = https.createServer(
      {
        cert: fs.readFileSync(certificate),
        key: fs.readFileSync(key),
        ca: fs.readFileSync(ca),
        requestCert: true,
        rejectUnauthorized: false,
        sessionIdContext: 'proof',
      },
      (_request, response) => void response.end('OK'),
    );
    endpoint.on('secureConnection', (socket) => void reused.push(socket.isSessionReused()));
    onCleanup(() => void endpoint.close());
    await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
    await setup.prove([(endpoint.address() as AddressInfo).port]);
    expect(reused.length).toBeGreaterThan(9);
    expect(reused).not.toContain(true);
  });
});
