import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createContext } from '@docker-mtls/context';
import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { freePort } from '../support/free-port.ts';
import { currentPair } from '../support/current-pair.ts';
import { onCleanup } from '../support/cleanup.ts';
import { temporaryFolder } from '../support/temp.ts';
import { opensslServer } from '../support/tls-servers.ts';
import { makeTestCaWith } from '../../packages/cli/testing/make-ca.ts';
import type { TestCa } from '../../packages/cli/testing/make-ca.ts';
import { main } from '../../packages/cli/src/main.ts';
import type { ProcessOutcome } from '../../packages/cli/src/outcome.ts';

// Servers of OpenSSL that reject clients with the alerts of engines; what proves real ones is in test/engine.

let ca: TestCa;
let files: { readonly ca: string; readonly certificate: string; readonly key: string };

beforeAll(async () => {
  ca = await makeTestCaWith({ now: () => new Date() }, [
    ['issue-server', '127.0.0.1', '--san', 'localhost'],
    ['issue-client', 'alice'],
  ]);
  files = await textsOf('server', '127.0.0.1');
});

async function textsOf(kind: 'server' | 'client', name: string): Promise<typeof files> {
  const pair = (await currentPair(path.join(ca.folder, 'ca'), kind, name)).read();
  return { ca: `${pair.ca}`, certificate: `${pair.certificate}`, key: `${pair.key}` };
}

/** A server that verifies its clients. */
function engineWith(texts: typeof files): Promise<number> {
  const folder = temporaryFolder();
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const { ca: authority, certificate, key } = texts;
  const pair = {
    ca: write('ca', authority),
    certificate: write('cert', certificate),
    key: write('key', key),
  };
  return opensslServer(pair, ['-Verify', '1', '-verify_return_error']);
}

function check(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessOutcome> {
  const io = { ...ca.io, env: { ...ca.io.env, DOCKER_CONFIG: path.join(ca.folder, '.docker'), ...env } };
  return main(['check', ...words, '--config', 'daemon.json'], io);
}

/** A process that looks like an engine which listens on this port, and reads a daemon.json of its own. */
function startAsEngine(port: number): void {
  const folder = temporaryFolder();
  const config = path.join(folder, 'daemon.json');
  const server = path.join(ca.folder, 'ca/servers/127.0.0.1');
  const names = { tlscacert: 'ca.pem', tlscert: 'server-cert.pem', tlskey: 'server-key.pem' };
  const paths = Object.entries(names).map(([key, name]) => [key, path.join(server, name)]);
  const hosts = [`tcp://127.0.0.1:${port}`];
  fs.writeFileSync(config, JSON.stringify({ hosts, tlsverify: true, ...Object.fromEntries(paths) }));
  const script = path.join(folder, 'idle.js');
  fs.writeFileSync(script, 'setInterval(() => undefined, 1000);');
  const engine = spawn(process.execPath, [script, '--config-file', config], {
    argv0: 'dockerd',
    stdio: 'ignore',
  });
  onCleanup(() => void engine.kill());
}

/** What the CA directory does not know of the laptop, and the laptop not of the CA directory. */
const NO_CA = { DOCKER_MTLS_CA_DIR: '/nowhere' };

describeNeeding(['openssl'], 'check, where the CA is', () => {
  test('an engine is proven that accepts its client and rejects all others', async () => {
    const port = await engineWith(files);
    const { stdout, exitCode } = await check([`127.0.0.1:${port}`, '--json']);
    const report = JSON.parse(String(stdout));
    expect({ exitCode, ...report }).toMatchObject({
      exitCode: 0,
      engine: '127.0.0.1',
      verdict: 'secured',
      findings: [],
      names: expect.arrayContaining(['localhost', '127.0.0.1']),
    });
    const kinds = report.proof.flatMap(({ probes }: { probes: { kind: string }[] }) =>
      probes.map(({ kind }) => kind),
    );
    expect(new Set(kinds)).toEqual(
      new Set(['client', 'plain-http', 'no-certificate', 'foreign-ca', 'server-certificate']),
    );
  });

  test('without HOST, every engine of this machine that has a pair of the CA is proven', async () => {
    const ports = [await engineWith(files), await engineWith(files)];
    for (const port of ports) startAsEngine(port);
    const io = { ...ca.io, env: { ...ca.io.env, DOCKER_CONFIG: path.join(ca.folder, '.docker') } };
    const { stdout, exitCode } = await main(['check', '--json'], io);
    const { engine, verdict, proof } = JSON.parse(String(stdout));
    expect({ exitCode, engine, verdict }).toEqual({
      exitCode: 0,
      engine: '127.0.0.1, 127.0.0.1',
      verdict: 'secured',
    });
    const addresses = proof.map(({ address }: { address: string }) => address);
    expect(addresses).toEqual(expect.arrayContaining(ports.map((port) => `127.0.0.1:${port}`)));
  });

  test('nothing is issued or recorded for it', async () => {
    const before = (await ca.run('ca', 'log', '--json')).stdout;
    const port = await engineWith(files);
    await check([`127.0.0.1:${port}`]);
    expect((await ca.run('ca', 'log', '--json')).stdout).toBe(before);
  });

  test('an engine with another certificate is not', async () => {
    const { certificate, key } = await textsOf('client', 'alice');
    const port = await engineWith({ ca: files.ca, certificate, key });
    const { stdout, exitCode } = await check([`127.0.0.1:${port}`, '--json']);
    const { verdict, findings } = JSON.parse(String(stdout));
    expect({ exitCode, verdict }).toEqual({ exitCode: 3, verdict: 'not secured' });
    expect(findings).toContainEqual(expect.objectContaining({ finding: expect.stringMatching(/^DM1/) }));
  });

  test('an engine that takes connections and is silent costs --timeout, and is asked for longer with more', async () => {
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    onCleanup(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const { stdout, exitCode } = await check([`127.0.0.1:${port}`, '--timeout', '1s']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(/silent \(no answer within 1 s\)[^]*next: wait longer/),
    });
  });

  test('an engine that is down is exit code 1', async () => {
    const { stdout, exitCode } = await check([`127.0.0.1:${await freePort()}`]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^127.0.0.1: no connection\n/);
  });
});

const asAlice = (): Readonly<Record<string, string>> => ({
  ...NO_CA,
  DOCKER_CERT_PATH: path.join(ca.folder, 'ca/clients/alice'),
});

describeNeeding(['openssl'], 'check, on a laptop', () => {
  test('the files of DOCKER_CERT_PATH are asked with', async () => {
    const port = await engineWith(files);
    const { stdout, exitCode } = await check([], { ...asAlice(), DOCKER_HOST: `tcp://localhost:${port}` });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^localhost: secured\n/),
    });
  });

  test('a context is asked with, by its name or by its host', async () => {
    const port = await engineWith(files);
    const alice = await textsOf('client', 'alice');
    createContext(path.join(ca.folder, '.docker'), {
      name: `c${port}`,
      host: `tcp://localhost:${port}`,
      tls: {
        ca: Buffer.from(alice.ca),
        certificate: Buffer.from(alice.certificate),
        key: Buffer.from(alice.key),
      },
    });
    expect((await check(['--context', `c${port}`], NO_CA)).exitCode).toBe(0);
    expect((await check([`localhost:${port}`], NO_CA)).exitCode).toBe(0);
  });

  test.each([
    [[], 2, 'no engine is named'],
    [['node9'], 1, 'no client of node9 is known here'],
    [['--context', 'none'], 1, 'not found'],
    [['a b'], 1, 'address'],
  ] as const)('%j is refused', async (words, exitCode, says) => {
    expect(await check(words, NO_CA)).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
  });
});
