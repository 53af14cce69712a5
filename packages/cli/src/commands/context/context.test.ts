import fs from 'node:fs';
import path from 'node:path';
import { generateKeyPair, issueCertificate, planValidity, privateKeyToPem } from '@docker-mtls/ca';
import { createContext, readContext } from '@docker-mtls/context';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../../../test/support/free-port.ts';
import { engineFiles, recordingEngine } from '../../../../../test/support/recording-engine.ts';
import { issuePair, makeAuthority, shippedProfile } from '../../../../../test/support/test-ca.ts';
import { makeTestCa, makeTestCaWith } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

let ca: TestCa;
let docker: string;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice'], ['issue-client', 'carol']);
  docker = path.join(ca.folder, 'docker');
});

function context(words: string, env: Readonly<Record<string, string>> = {}): Promise<ProcessOutcome> {
  const io = { ...ca.io, env: { ...ca.io.env, DOCKER_CONFIG: docker, ...env } };
  return main(['context', ...words.split(' ')], io);
}

const create = (): Promise<ProcessOutcome> => context('create node1 --client alice --for node1.example.com');

function keyOf(client: string): Buffer {
  return fs.readFileSync(path.join(ca.folder, 'ca/clients', client, 'key.pem'));
}

describe('create', () => {
  test("takes the client's files, and says the ways to switch", async () => {
    const { stdout, exitCode } = await create();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('export DOCKER_CONTEXT=node1\n');
    expect(stdout).toContain('context use node1\n');
    expect(readContext(docker, 'node1')).toMatchObject({
      host: 'tcp://node1.example.com:2376',
      tls: { key: keyOf('alice') },
    });
  });

  test('says what is in the way of it in this terminal', async () => {
    const words = 'create node1 --client alice --for node1.example.com';
    expect((await context(words, { DOCKER_HOST: 'tcp://x:1' })).stdout).toContain(
      'warning: DOCKER_HOST is set',
    );
  });

  test('over SSH takes none', async () => {
    await context('create node2 --for ssh://ops@node2:2222 --description lab');
    expect(readContext(docker, 'node2')).toMatchObject({
      host: 'ssh://ops@node2:2222',
      description: 'lab',
      tls: {},
    });
  });

  test.each([
    ['create', 'CONTEXT is missing'],
    ['create node1', 'no engine is named'],
    ['create node1 --for node1', 'no client is named'],
    ['create node1 --for ssh://a@b --client alice', 'only tcp engines'],
    ['create node1 --for node1 --client alice --force', 'there is no option --force here'],
    ['create default --for node1 --client alice', 'default'],
    ['create node1 --for node1 --client bob', 'no client "bob"'],
    ['create node1 --for ssh://a:b@c', 'no password'],
  ])('refuses %s', async (words, says) => {
    const { exitCode, stderr } = await context(words);
    expect([1, 2]).toContain(exitCode);
    expect(stderr).toContain(says);
    expect(fs.existsSync(docker)).toBe(false);
  });
});

describe('update', () => {
  test('refreshes what was issued again, everywhere', async () => {
    await create();
    await context('create other --client carol --for node1');
    await context('create far --for ssh://a@b');
    await ca.run('issue-client', 'alice', '--force');
    const { stdout } = await context('update');
    expect(stdout).toBe('node1 (alice): updated\nother (carol): up to date\n');
    expect(readContext(docker, 'node1').tls.key).toEqual(keyOf('alice'));
  });

  test('changes the engine and keeps the certificates, or changes the client', async () => {
    await create();
    await context('update node1 --for 10.0.0.5');
    expect(readContext(docker, 'node1')).toMatchObject({
      host: 'tcp://10.0.0.5:2376',
      tls: { key: keyOf('alice') },
    });
    await context('update node1 --client carol');
    expect(readContext(docker, 'node1').tls.key).toEqual(keyOf('carol'));
  });

  test('leaves certificates of another CA alone', async () => {
    await create();
    const other = await makeTestCa(['issue-client', 'alice']);
    const io = { ...other.io, env: { ...other.io.env, DOCKER_CONFIG: docker } };
    expect(await main(['context', 'update'], io)).toMatchObject({
      stdout: 'No context uses a certificate of this CA\n',
    });
    expect(readContext(docker, 'node1').tls.key).toEqual(keyOf('alice'));
  });

  test('passes by whose key is elsewhere', async () => {
    await ca.run('request', 'bob');
    await ca.run('issue-client', 'bob', '--csr', 'bob.csr');
    await ca.run('bundle', 'bob', '--for', 'node1');
    const io = { ...ca.io, env: { DOCKER_CONFIG: docker } };
    await main(['unbundle', 'bob.tar.gz', '--key', 'bob-key.pem', '--install', '--name', 'bobs'], io);
    await ca.run('issue-client', 'bob', '--csr', 'bob.csr', '--force');
    await create();
    expect(await context('update')).toMatchObject({ exitCode: 0, stdout: 'node1 (alice): up to date\n' });
  });

  test('of a context without certificates needs no CA', async () => {
    await context('create far --for ssh://a@b');
    const outcome = await context('update far', { DOCKER_MTLS_CA_DIR: path.join(ca.folder, 'none') });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'far: up to date\n' });
  });

  test('prints nothing of a foreign certificate that a terminal would act on', async () => {
    const { authority, pem } = makeAuthority('foreign', 'ec-p256');
    const keyPair = generateKeyPair('ec-p256');
    const profile = shippedProfile('client');
    const validity = planValidity({ profile, issuer: authority.certificate, now: new Date() });
    const order = { profile, commonName: '\u001b[2J', sans: [], publicKey: keyPair.publicKey, validity };
    const certificate = Buffer.from(issueCertificate(authority, order).pem);
    const tls = { ca: Buffer.from(pem), certificate, key: Buffer.from(privateKeyToPem(keyPair)) };
    createContext(docker, { name: 'node1', host: 'tcp://node1:2376', tls });
    expect((await context('update node1 --description lab')).stdout).toContain(String.raw`(\u{1b}[2J)`);
  });

  test('wants a name for what is not a refreshment', async () => {
    expect(await context('update --for node1')).toMatchObject({ exitCode: 2 });
  });
});

test('list tells engine, client, end, and the one in use', async () => {
  expect((await context('list')).stdout).toBe('There are no contexts\n');
  await create();
  await context('use node1');
  const { stdout } = await context('list');
  await context('create node2 --client carol --for node2');
  expect((await context('list', { DOCKER_CONTEXT: 'node2' })).stdout).toMatch(/^\* +node2 /m);
  expect(stdout).toMatch(/^\* +node1 +tcp:\/\/node1\.example\.com:2376 +alice +2027-01-01 00:00 UTC/m);
  const elsewhere = await context('list', { DOCKER_HOST: 'tcp://x:1' });
  expect(elsewhere.stdout).toMatch(/^ +node1 /m);
  expect(elsewhere.stdout).toContain('here: warning: DOCKER_HOST is set in this terminal');
});

test('remove takes it away, the one in use only with --force', async () => {
  await create();
  await context('use node1');
  expect(await context('remove node1')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('in use'),
  });
  expect(await context('remove node1 --force')).toMatchObject({ exitCode: 0 });
  expect((await context('list')).stdout).toBe('There are no contexts\n');
});

describe('use', () => {
  test('is for all terminals, and warns in one that is told otherwise', async () => {
    await create();
    expect((await context('use node1')).stdout).toBe('Every terminal now uses node1\n');
    const { stdout } = await context('use node1', { DOCKER_HOST: 'tcp://x:1' });
    expect(stdout).toContain('node1: warning: DOCKER_HOST is set in this terminal');
    expect((await context('use node1', { HTTPS_PROXY: 'http://p:1' })).stdout).toContain(
      'through the proxy of HTTPS_PROXY',
    );
    const { stdout: usual } = await context('use default', { DOCKER_CONTEXT: 'node1' });
    expect(usual).toContain('default: warning: DOCKER_CONTEXT chooses another context');
    await context('use node1');
    expect(JSON.parse(fs.readFileSync(path.join(docker, 'config.json'), 'utf8'))).toMatchObject({
      currentContext: 'node1',
    });
  });

  test('refuses a context that does not exist', async () => {
    expect(await context('use node1')).toMatchObject({ exitCode: 1 });
  });
});

describe('check', () => {
  // The clock is the real one, because TLS has no other; the engine is a stand-in on this machine.
  let desk: TestCa;
  let plain: readonly string[];

  beforeEach(async () => {
    desk = await makeTestCaWith({ now: () => new Date() }, [
      ['issue-client', 'alice'],
      ['issue-server', 'localhost'],
    ]);
    const engine = await recordingEngine(engineFiles(path.join(desk.folder, 'ca/servers/localhost')));
    plain = engine.plain;
    docker = path.join(desk.folder, 'docker');
    await check(`create node1 --client alice --for localhost:${engine.port}`);
  });

  function check(words: string, env: Readonly<Record<string, string>> = {}): Promise<ProcessOutcome> {
    const io = { ...desk.io, env: { ...desk.io.env, DOCKER_CONFIG: docker, ...env } };
    return main(['context', ...words.split(' ')], io);
  }

  test('finds nothing wrong with a good one whose engine answers', async () => {
    expect(await check('check node1')).toEqual({
      stdout: 'node1: its engine answers, and nothing is wrong\n',
      stderr: '',
      exitCode: 0,
    });
    expect(plain).toEqual([]);
  });

  test('is 3 when its engine is down', async () => {
    await check(`update node1 --for localhost:${await freePort()}`);
    const { exitCode, stdout } = await check('check node1 --json');
    expect({ exitCode, ...(JSON.parse(String(stdout)) as object) }).toMatchObject({
      exitCode: 3,
      served: false,
      problems: [{ problem: 'engine-unreachable' }],
    });
  });

  test.each([
    [{ DOCKER_HOST: 'tcp://x:1' }, '', 'DOCKER_HOST is set'],
    [{ DOCKER_CONTEXT: 'other' }, '', 'another context'],
    [{ ALL_PROXY: 'http://127.0.0.1:9' }, '', 'ALL_PROXY is not a SOCKS5 address'],
    [{}, ' --within 366d', 'certificate ends at'],
  ])('with %j%s is 3', async (env, options, says) => {
    const { exitCode, stdout } = await check(`check node1${options}`, env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringContaining(says) });
  });

  test('does not ask an engine behind a proxy, and is 3', async () => {
    await check('create node2 --client alice --for node2.example.com');
    const { exitCode, stdout } = await check('check node2', { HTTPS_PROXY: 'http://proxy:3128' });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(/through the proxy of HTTPS_PROXY[^]*the engine was not asked/u),
    });
  });

  test('with a newer certificate of its client is 3, until it is updated', async () => {
    await desk.run('issue-client', 'alice', '--force');
    const { exitCode, stdout } = await check('check node1');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 3,
      stdout: expect.stringMatching(
        /alice was issued a newer certificate.*\n {2}hint: docker-mtls context update node1\n/,
      ),
    });
    await check('update node1');
    expect(await check('check node1')).toMatchObject({ exitCode: 0 });
  });

  test('where there is no CA looks at the context and its engine alone', async () => {
    const elsewhere = { DOCKER_MTLS_CA_DIR: path.join(desk.folder, 'none') };
    expect(await check('check node1', elsewhere)).toMatchObject({ exitCode: 0 });
  });

  test("of a client of another CA than the engine's is for the engine to say", async () => {
    const engines = makeAuthority('engines', 'ec-p256');
    const pair = issuePair(engines.authority, 'server', { name: 'localhost', sans: ['localhost'] });
    const trusting = fs.readFileSync(path.join(desk.folder, 'ca/ca.pem'), 'utf8');
    const { port } = await recordingEngine({ ...pair, ca: trusting });
    const { tls } = readContext(docker, 'node1');
    const host = `tcp://localhost:${port}`;
    createContext(docker, { name: 'node3', host, tls: { ...tls, ca: Buffer.from(engines.pem) } });
    expect(await check('check node3')).toMatchObject({ exitCode: 0 });
    const { stdout } = await check('check node3 --json --within 366d');
    expect(JSON.parse(String(stdout))).toMatchObject({
      problems: [{ problem: 'certificate-expires' }],
      served: true,
      unknown: [],
    });
  });

  test('asks an engine at a socket of this machine too', async () => {
    await check('create local --for unix:///nowhere/docker.sock');
    expect(await check('check local')).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining('no engine answers on /nowhere/docker.sock: there is no such socket'),
    });
  });

  test('without a name is for the one in use', async () => {
    expect(await check('check')).toMatchObject({ exitCode: 2 });
    await check('use node1');
    expect(await check('check')).toMatchObject({ exitCode: 0 });
  });

  test('is 1 where it cannot check: no such context, or one that cannot be read', async () => {
    expect(await check('check other')).toMatchObject({ exitCode: 1 });
    const [id = ''] = fs.readdirSync(path.join(docker, 'contexts/meta'));
    fs.writeFileSync(path.join(docker, 'contexts/meta', id, 'meta.json'), '{');
    expect(await check('check node1')).toMatchObject({ exitCode: 1 });
  });
});
