import fs from 'node:fs';
import path from 'node:path';
import type { KeyType } from '@docker-mtls/ca';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { BUSYBOX, importBusybox } from '../support/busybox.ts';
import { eventually } from '../support/eventually.ts';
import { docker } from '../support/docker-cli.ts';
import type { EngineVersion } from '../support/engine-install.ts';
import { startEngine } from '../support/engine.ts';
import { run, type Finished } from '../support/run.ts';
import {
  readPair,
  secureEngine,
  SERVER,
  writeCertPath,
  type SecuredEngine,
} from '../support/secured-engine.ts';
import { authorityOf, days, issuePair, makeAuthority, type TestPair } from '../support/test-ca.ts';
import { tlsRequest } from '../support/tls-client.ts';

const ADDRESSES = [
  { by: 'name', host: 'localhost' },
  { by: 'IPv4 address', host: '127.0.0.1' },
  { by: 'IPv6 address', host: '[::1]' },
] as const;

/** An engine that was secured with one type of key serves its clients and nobody else. */
export function describeSecuredEngine(version: EngineVersion, keyType?: KeyType): void {
  describeNeeding(
    [...engineNeeds(version), 'docker command', 'static busybox', 'curl'],
    `engine ${version} secured with ${keyType ?? 'the default key'}`,
    () => {
      let host: SecuredEngine;
      beforeAll(async () => {
        host = await secureEngine(version, keyType);
      });

      describe('serves alice', () => {
        serves(() => host);
      });
      describe('refuses', () => {
        refuses(() => host, keyType);
      });
      test.each(IMPOSTORS)('is refused by the client when it shows $what', async ({ pair, complaint }) => {
        const shown = pair(host, keyType);
        await host.engine.stop();
        const engine = await startEngine({ version, configFile: configShowing(host, shown) });
        const answer = await dockerAs(host.alice, `tcp://localhost:${host.port}`, ['version']);
        expect(answer).toMatchObject({ code: 1, stderr: expect.stringMatching(complaint) });
        await engine.stop();
      });
    },
  );
}

function serves(host: () => SecuredEngine): void {
  test.each(ADDRESSES)('docker version, ps and run by $by', async ({ host: address }) => {
    const { engine, port, alice } = host();
    const command = (...args: string[]): Promise<Finished> =>
      dockerAs(alice, `tcp://${address}:${port}`, args);
    expect(await command('version', '--format', '{{.Server.Version}}')).toMatchObject({
      code: 0,
      stdout: `${engine.version}\n`,
    });
    await importBusybox(engine);
    const name = `sleeper-${address.replaceAll(/\W/gu, '')}`;
    const sleeper = ['run', '--detach', '--name', name, '--network', 'none', BUSYBOX, 'sleep', '600'];
    expect(await command(...sleeper)).toMatchObject({ code: 0 });
    const seen = await command('ps', '--format', '{{.Names}}', '--filter', `name=${name}`);
    expect(seen).toMatchObject({ code: 0, stdout: `${name}\n` });
    expect(await command('rm', '--force', name)).toMatchObject({ code: 0 });
    // Engines lose what a container prints that is gone at once, on a busy machine.
    const script = `echo 'hello ${address}'; sleep 1`;
    const echo = ['run', '--rm', '--network', 'none', BUSYBOX, 'sh', '-c', script];
    expect(await command(...echo)).toMatchObject({ code: 0, stdout: `hello ${address}\n` });
  });

  test('docker with DOCKER_CERT_PATH on her folder', async () => {
    const { engine, port, alice } = host();
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: alice };
    expect(await docker(['version', '--format', '{{.Server.Version}}'], { env })).toMatchObject({
      code: 0,
      stdout: `${engine.version}\n`,
    });
  });

  test.each([{ by: 'the name of the host', host: SERVER }, ...ADDRESSES])('curl by $by', async (address) => {
    const { port, alice } = host();
    const answer = await curlAs(alice, `https://${address.host}:${port}/containers/json?all=1`, port);
    expect(answer).toMatchObject({ code: 0, stdout: '[]\n' });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a request over %s', async (protocol) => {
    const { port, alice } = host();
    const request = { port, host: '127.0.0.1', ca: caOf(host()), version: protocol };
    expect(await tlsRequest({ ...request, pair: readPair(alice) })).toEqual({ status: 200, body: 'OK' });
  });

  test('and not over TLS 1.1', async () => {
    const { port, alice } = host();
    const request = { port, host: '127.0.0.1', ca: caOf(host()), version: 'TLSv1.1' } as const;
    expect(await tlsRequest({ ...request, pair: readPair(alice) })).toHaveProperty('refused');
  });
}

type Stranger = {
  readonly who: string;
  readonly pair: (host: SecuredEngine, keyType?: KeyType) => TestPair;
  /** What the engine notes. */
  readonly noted: RegExp;
};

/** Under TLS 1.3 a client may send its request before it hears of the refusal: then it sees the connection break. */
const CUT_OFF = {
  stdout: '',
  stderr: expect.stringMatching(/tls: |alert|reset by peer|broken pipe|not connected/u),
};
const NO_CERTIFICATE = /TLS handshake error from .*client didn't provide a certificate/u;
const UNKNOWN_AUTHORITY =
  /TLS handshake error from .*(?:certificate signed by unknown authority|failed to verify certificate)/u;
const OUT_OF_DATE = /TLS handshake error from .*certificate has expired or is not yet valid/u;
const WRONG_ROLE = /TLS handshake error from .*certificate specifies an incompatible key usage/u;

const STRANGERS: readonly Stranger[] = [
  {
    who: "a foreign CA's client",
    pair: (_, keyType = 'ec-p256') => clientOf(makeAuthority('another CA', keyType).authority, keyType),
    noted: UNKNOWN_AUTHORITY,
  },
  {
    who: "the client of a foreign CA with our CA's name",
    pair: (host, keyType = 'ec-p256') => clientOf(makeAuthority(caName(host), keyType).authority, keyType),
    noted: UNKNOWN_AUTHORITY,
  },
  {
    who: 'an expired client',
    pair: expiredClient,
    noted: OUT_OF_DATE,
  },
  {
    who: 'a client that is not valid yet',
    pair: (host) =>
      issuePair(authorityOf(host.caDirectory), 'client', { name: 'alice', validity: days(1, 2) }),
    noted: OUT_OF_DATE,
  },
  {
    who: "the server's own pair",
    pair: (host) =>
      readPair(path.join(host.caDirectory, 'servers', SERVER), 'server-cert.pem', 'server-key.pem'),
    noted: WRONG_ROLE,
  },
];

function refuses(host: () => SecuredEngine, keyType?: KeyType): void {
  test.each(STRANGERS)('$who', async ({ pair, noted }) => {
    const { engine, port } = host();
    const ca = caOf(host());
    const shown = pair(host(), keyType);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const before = engine.log().length;
      expect(await tlsRequest({ host: '127.0.0.1', port, ca, pair: shown, version })).toHaveProperty(
        'refused',
      );
      await eventually(() => expect(engine.log().slice(before)).toMatch(noted));
    }
    const folder = writeCertPath(ca, shown);
    expect(await dockerAs(folder, `tcp://127.0.0.1:${port}`, ['ps'])).toMatchObject(CUT_OFF);
    expect(await curlAs(folder, `https://127.0.0.1:${port}/containers/json`, port)).toMatchObject(CUT_OFF);
  });

  test('a client without a certificate', async () => {
    const { engine, port, alice } = host();
    const before = engine.log().length;
    expect(await tlsRequest({ host: '127.0.0.1', port, ca: caOf(host()) })).toHaveProperty('refused');
    await eventually(() => expect(engine.log().slice(before)).toMatch(NO_CERTIFICATE));
    const ca = path.join(alice, 'ca.pem');
    const flags = ['--host', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', ca];
    expect(await docker([...flags, 'ps'])).toMatchObject(CUT_OFF);
    expect(await run('curl', ['-sS', '--cacert', ca, `https://127.0.0.1:${port}/_ping`])).toMatchObject(
      CUT_OFF,
    );
  });

  test('plain HTTP', async () => {
    const { port } = host();
    const answer = await run('curl', [
      '-sS',
      '--write-out',
      '%{http_code}',
      `http://127.0.0.1:${port}/containers/json`,
    ]);
    expect(answer.stdout).toBe('Client sent an HTTP request to an HTTPS server.\n400');
    const asked = await docker(['--host', `tcp://127.0.0.1:${port}`, 'ps']);
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/HTTP request to an HTTPS server/u),
    });
  });
}

type Impostor = {
  readonly what: string;
  readonly pair: (host: SecuredEngine, keyType?: KeyType) => TestPair;
  readonly complaint: RegExp;
};

const IMPOSTORS: readonly Impostor[] = [
  {
    what: "alice's own pair",
    pair: ({ alice }) => readPair(alice),
    complaint: /x509: certificate is not valid for any names, but wanted to match localhost/u,
  },
  {
    // Only its role is wrong.
    what: "a client's pair that holds the right names",
    pair: ({ caDirectory }, keyType) =>
      issuePair(authorityOf(caDirectory), 'client', {
        name: 'mallory',
        sans: ['localhost'],
        ...(keyType && { keyType }),
      }),
    complaint: /x509: certificate specifies an incompatible key usage/u,
  },
];

/** Our daemon.json with another pair in it. */
function configShowing(host: SecuredEngine, pair: TestPair): string {
  const folder = writeCertPath(caOf(host), pair);
  const config = JSON.parse(fs.readFileSync(host.configFile, 'utf8')) as Record<string, unknown>;
  const configFile = path.join(folder, 'daemon.json');
  const shown = { tlscert: path.join(folder, 'cert.pem'), tlskey: path.join(folder, 'key.pem') };
  fs.writeFileSync(configFile, JSON.stringify({ ...config, ...shown }));
  return configFile;
}

function dockerAs(folder: string, address: string, args: readonly string[]): Promise<Finished> {
  const file = (name: string): string => path.join(folder, name);
  const files = ['--tlscacert', file('ca.pem'), '--tlscert', file('cert.pem'), '--tlskey', file('key.pem')];
  return docker(['--host', address, '--tlsverify', ...files, ...args]);
}

/** `node1.example.com` leads to the loopback address without anybody's name server. */
function curlAs(folder: string, url: string, port: number): Promise<Finished> {
  const file = (name: string): string => path.join(folder, name);
  const files = ['--cacert', file('ca.pem'), '--cert', file('cert.pem'), '--key', file('key.pem')];
  return run('curl', ['-sS', '--noproxy', '*', '--resolve', `${SERVER}:${port}:127.0.0.1`, ...files, url]);
}

function caOf(host: SecuredEngine): string {
  return fs.readFileSync(path.join(host.alice, 'ca.pem'), 'utf8');
}

function caName({ caDirectory }: SecuredEngine): string {
  return authorityOf(caDirectory).certificate.info.subject.commonName ?? '';
}

/** A CA is back-dated by minutes, and no leaf may begin before it. */
function expiredClient({ caDirectory }: SecuredEngine): TestPair {
  const authority = authorityOf(caDirectory);
  const { notBefore } = authority.certificate.info;
  const validity = { notBefore, notAfter: new Date(notBefore.getTime() + 60_000) };
  return issuePair(authority, 'client', { name: 'alice', validity });
}

function clientOf(authority: ReturnType<typeof authorityOf>, keyType: KeyType): TestPair {
  return issuePair(authority, 'client', { name: 'alice', keyType });
}
