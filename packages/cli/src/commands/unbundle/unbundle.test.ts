import fs from 'node:fs';
import path from 'node:path';
import { packFolder, parseEngineHost } from '@docker-mtls/bundle';
import { readCertificate } from '@docker-mtls/ca';
import { readContext } from '@docker-mtls/context';
import { colons } from '@docker-mtls/text';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../../test/support/temp.ts';
import { fakeIo } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

let ca: TestCa;
let laptop: string;

beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice'], ['issue-client', 'carol']);
  fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse\n');
  await ca.run('request', 'bob');
  await ca.run('issue-client', 'bob', '--csr', 'bob.csr');
});

beforeEach(() => {
  laptop = temporaryFolder();
});

function aDayLater(): Date {
  return new Date('2026-01-02T00:00:00Z');
}

/** Runs a command on the laptop. */
function run(...argv: readonly string[]): Promise<ProcessOutcome> {
  return main(argv, fakeIo({ cwd: laptop, env: { HOME: laptop }, uid: process.getuid?.() }));
}

/** Has the CA pack a bundle onto the laptop. */
async function hand(...argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await ca.run('bundle', ...argv, '--force', '-o', path.join(laptop, 'b'));
  if (exitCode !== 0) throw new Error(stderr);
}

function read(name: string): string {
  return fs.readFileSync(path.join(laptop, name), 'utf8');
}

function entries(folder = '.'): readonly string[] {
  return fs.readdirSync(path.join(laptop, folder)).toSorted();
}

/** Where the only context keeps its certificates. */
function tlsFolder(): string {
  const all = path.join(laptop, '.docker/contexts/tls');
  return path.join(all, fs.readdirSync(all)[0] ?? '', 'docker');
}

const FOLDER = [
  'README',
  'alice.dockercontext',
  'bundle.json',
  'ca.pem',
  'cert.pem',
  'env.cmd',
  'env.fish',
  'env.ps1',
  'env.sh',
  'key.pem',
];

describe('unpacks', () => {
  test.each([
    ['--for node1', FOLDER],
    ['--for node1 --format zip', FOLDER],
    ['--for node1 --layout context', FOLDER],
    ['--layout flat', ['ca.pem', 'cert.pem', 'key.pem']],
    ['--layout pwd', ['ca.pem', 'cert.pem', 'key.pem']],
  ])('what bundle %s makes, for its owner alone', async (options, names) => {
    await hand('alice', ...options.split(' '));
    expect(await run('unbundle', 'b')).toMatchObject({ stderr: '', exitCode: 0 });
    expect(entries('alice')).toEqual(names);
    expect(fs.statSync(path.join(laptop, 'alice')).mode & 0o777).toBe(0o700);
    expect(fs.statSync(path.join(laptop, 'alice/key.pem')).mode & 0o777).toBe(0o600);
    expect(entries()).toEqual(['alice', 'b']);
  });

  test('into the folder that is named, for the engine that is named', async () => {
    await hand('alice');
    await run('unbundle', 'b', '--out', 'new/place', '--for', 'node1');
    expect(entries('new/place')).toEqual(FOLDER);
    expect(read('new/place/env.sh')).toContain('tcp://node1:2376');
  });

  test('the same again without a word of --force, and changes nothing', async () => {
    await hand('alice', '--for', 'node1');
    await run('unbundle', 'b');
    const before = fs.statSync(path.join(laptop, 'alice')).ino;
    expect((await run('unbundle', 'b')).stdout).toContain('already holds');
    expect(fs.statSync(path.join(laptop, 'alice')).ino).toBe(before);
  });

  test('not over the same with something of somebody else in it', async () => {
    await hand('alice');
    await run('unbundle', 'b');
    fs.writeFileSync(path.join(laptop, 'alice/notes'), 'mine');
    const { exitCode, stderr } = await run('unbundle', 'b');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('something else') });
    expect(read('alice/notes')).toBe('mine');
  });

  test('with --force over something else, which is kept aside', async () => {
    await hand('alice', '--for', 'node1');
    fs.mkdirSync(path.join(laptop, 'alice'));
    fs.writeFileSync(path.join(laptop, 'alice/mine'), 'x');
    expect(await run('unbundle', 'b')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('already exists'),
    });
    expect(entries('alice')).toEqual(['mine']);
    expect(await run('unbundle', 'b', '--force')).toMatchObject({ exitCode: 0 });
    expect(entries('alice')).toEqual(FOLDER);
    expect(entries('alice.20260101T000000Z.bak')).toEqual(['mine']);
  });
});

describe('opens', () => {
  test('with the passphrase', async () => {
    const phrase = path.join(ca.folder, 'phrase');
    await hand('alice', '--for', 'node1', '--encrypt', '--bundle-passphrase-file', phrase);
    expect(await run('unbundle', 'b', '--passphrase-file', phrase)).toMatchObject({ exitCode: 0 });
    expect(entries('alice')).toEqual(FOLDER);
  });

  test('not without it, nor with another', async () => {
    const phrase = path.join(ca.folder, 'phrase');
    await hand('alice', '--encrypt', '--bundle-passphrase-file', phrase);
    fs.writeFileSync(path.join(laptop, 'wrong'), 'wrong');
    expect((await run('unbundle', 'b')).stderr).toContain('use --passphrase-file FILE');
    expect((await run('unbundle', 'b', '--passphrase-file', 'wrong')).stderr).toContain('does not open');
    expect(entries()).toEqual(['b', 'wrong']);
  });

  test('with the age identity, and asks for it', async () => {
    await hand('alice', '--recipient', 'age15s57psqcxj3hglvd9jk8dqe2fvhg3hgv400f7xghfl0ydfyf8g9sjwacrw');
    expect((await run('unbundle', 'b')).stderr).toContain('--identity FILE');
    const secret = 'AGE-SECRET-KEY-1CSRNW2YY60Z7LHNX4KUVQ4AK08KMGYQDYSXRX7EGW8KTAZP3K76SFR77W8';
    fs.writeFileSync(path.join(laptop, 'age.txt'), `# public key: age1…\n${secret}\n`);
    expect(await run('unbundle', 'b', '--identity', 'age.txt')).toMatchObject({ exitCode: 0 });
    expect(entries('alice')).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
  });
});

function bobsKey(): string {
  return path.join(ca.folder, 'bob-key.pem');
}

describe('joins certificates and the key of the request', () => {
  test('when it is named', async () => {
    await hand('bob', '--for', 'node1');
    expect(await run('unbundle', 'b', '--key', bobsKey())).toMatchObject({ exitCode: 0 });
    expect(read('bob/key.pem')).toBe(fs.readFileSync(bobsKey(), 'utf8'));
    expect(entries('bob')).toContain('bob.dockercontext');
  });

  test('and says so when it is not', async () => {
    await hand('bob');
    expect((await run('unbundle', 'b')).stderr).toContain('add --key bob-key.pem');
    expect(entries()).toEqual(['b']);
  });

  test('but takes no other key, and none beside the one of the bundle', async () => {
    await hand('bob');
    const other = path.join(ca.folder, 'ca/clients/alice/key.pem');
    expect((await run('unbundle', 'b', '--key', other)).stderr).toContain('not the one');
    await hand('alice');
    expect((await run('unbundle', 'b', '--key', bobsKey())).stderr).toContain('a key of its own');
    expect(entries()).toEqual(['b']);
  });
});

describe('--install', () => {
  test('makes a context for each engine', async () => {
    await hand('alice', '--for', 'node1', '--for', '10.0.0.5:2377');
    expect(await run('unbundle', 'b', '--install')).toMatchObject({ exitCode: 0 });
    expect(readContext(path.join(laptop, '.docker'), 'node1')).toMatchObject({ host: 'tcp://node1:2376' });
    expect(readContext(path.join(laptop, '.docker'), '10.0.0.5+2377')).toMatchObject({
      host: 'tcp://10.0.0.5:2377',
    });
    expect(readContext(path.join(laptop, '.docker'), 'node1').tls.key?.toString()).toBe(
      read('alice/key.pem'),
    );
  });

  test('refreshes it after a renewal', async () => {
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install', '--name', 'prod');
    await ca.run('issue-client', 'carol', '--force');
    await hand('carol', '--for', 'node1');
    const folder = fs.statSync(path.join(laptop, 'carol')).ino;
    const { stdout } = await run('unbundle', 'b', '--install', '--name', 'prod');
    expect(stdout).toContain('prod (refreshed)');
    expect(entries()).toEqual(['.docker', 'b', 'carol']);
    expect(fs.statSync(path.join(laptop, 'carol')).ino).toBe(folder);
    expect(readContext(path.join(laptop, '.docker'), 'prod').tls.key?.toString()).toBe(read('carol/key.pem'));
  });

  test('does not let an older bundle, or one of another CA, take the place of a newer one', async () => {
    const own = await makeTestCa(['issue-client', 'carol']);
    const words = ['bundle', 'carol', '--for', 'node1', '-o'];
    await own.run(...words, path.join(laptop, 'older'));
    await main(['issue-client', 'carol', '--force'], { ...own.io, now: aDayLater });
    await main([...words, path.join(laptop, 'b')], { ...own.io, now: aDayLater });
    const later = fakeIo({ cwd: laptop, env: { HOME: laptop }, now: aDayLater });
    expect(await main(['unbundle', 'b'], later)).toMatchObject({ exitCode: 0 });
    expect((await main(['unbundle', 'older'], later)).stderr).toContain('--force');
    const other = await makeTestCa(['issue-client', 'carol']);
    await other.run('bundle', 'carol', '--for', 'node1', '--force', '-o', path.join(laptop, 'b'));
    expect((await main(['unbundle', 'b'], later)).stderr).toContain('--force');
  });

  test('of another CA with the same names shows both fingerprints, and needs --force', async () => {
    const other = await makeTestCa(['issue-client', 'carol']);
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install', '--out', 'first');
    const before = readContext(path.join(laptop, '.docker'), 'node1');
    await other.run('bundle', 'carol', '--for', 'node1', '--force', '-o', path.join(laptop, 'b'));
    const { exitCode, stderr } = await run('unbundle', 'b', '--install', '--out', 'second');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('--force') });
    for (const { io } of [ca, other]) {
      const root = fs.readFileSync(path.join(String(io.env['DOCKER_MTLS_CA_DIR']), 'ca.pem'));
      expect(stderr).toContain(colons(readCertificate(root).info.fingerprint));
    }
    expect(entries()).not.toContain('second');
    expect(readContext(path.join(laptop, '.docker'), 'node1')).toEqual(before);
    expect(await run('unbundle', 'b', '--install', '--out', 'second', '--force')).toMatchObject({
      exitCode: 0,
    });
  });

  test('of a bundle that adds a CA to the known one needs --force too', async () => {
    const other = await makeTestCa(['issue-client', 'mallory']);
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install', '--out', 'first');
    const { tls } = readContext(path.join(laptop, '.docker'), 'node1');
    const both = Buffer.concat([
      fs.readFileSync(path.join(other.folder, 'ca/ca.pem')),
      fs.readFileSync(path.join(ca.folder, 'ca/ca.pem')),
    ]);
    const files = { ca: String(both), certificate: String(tls.certificate), key: String(tls.key) };
    const bundle = packFolder(
      { client: 'carol', files, hosts: [parseEngineHost('node1')] },
      { format: 'zip' },
    );
    fs.writeFileSync(path.join(laptop, 'b'), bundle);
    expect((await run('unbundle', 'b', '--install', '--out', 'second')).stderr).toContain(
      'compare the new SHA-256',
    );
    expect(readContext(path.join(laptop, '.docker'), 'node1').tls).toEqual(tls);
  });

  test('leaves a context of another client alone, and then writes nothing', async () => {
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install');
    await hand('alice', '--for', 'node1');
    expect((await run('unbundle', 'b', '--install')).stderr).toContain(
      `context "node1" already exists, and it is carol's`,
    );
    expect(entries()).toEqual(['.docker', 'b', 'carol']);
  });

  test.each([
    ['is read among other blocks', (pem: string, key: string) => key + pem, "and it is carol's"],
    ['cannot be read', () => 'lost', 'and it has a certificate that tells no client'],
  ])('leaves a context alone whose certificate %s, and then writes nothing', async (_, changed, says) => {
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install');
    const file = path.join(tlsFolder(), 'cert.pem');
    const pem = changed(
      fs.readFileSync(file, 'utf8'),
      fs.readFileSync(path.join(tlsFolder(), 'key.pem'), 'utf8'),
    );
    fs.writeFileSync(file, pem);
    await hand('alice', '--for', 'node1');
    expect((await run('unbundle', 'b', '--install')).stderr).toContain(`"node1" already exists, ${says}`);
    expect(entries()).toEqual(['.docker', 'b', 'carol']);
    expect(fs.readFileSync(file, 'utf8')).toBe(pem);
  });

  test('leaves a context of another engine alone, and then writes nothing', async () => {
    await hand('carol', '--for', 'node1');
    await run('unbundle', 'b', '--install', '--name', 'prod');
    await hand('carol', '--for', 'node2');
    const { stderr } = await run('unbundle', 'b', '--install', '--name', 'prod', '--out', 'other');
    expect(stderr).toContain('"prod" already exists, and it is for tcp://node1:2376');
    expect(entries()).toEqual(['.docker', 'b', 'carol']);
  });

  test.each([
    [['--layout', 'flat'], [], 'names no engine'],
    [['--for', 'a1', '--for', 'a2'], ['--name', 'prod'], 'cannot share one context'],
  ])('of %j with %j is wrong usage', async (bundled, options, says) => {
    await hand('alice', ...bundled);
    const { exitCode, stderr } = await run('unbundle', 'b', '--install', ...options);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(says) });
    expect(entries()).toEqual(['b']);
  });
});

function inContext(): string {
  return `DOCKER_CERT_PATH='${tlsFolder()}'`;
}

function inFolder(): string {
  return `DOCKER_CERT_PATH='${path.join(laptop, 'alice')}'`;
}

describe('a laptop without a CA', () => {
  beforeEach(async () => {
    await hand('alice', '--for', 'node1');
    await run('unbundle', 'b', '--install');
  });

  test.each([
    ['env alice', inContext],
    ['env alice --for node1', inContext],
    ['env node1', inContext],
    ['env ./alice', inFolder],
    ['env alice --for node2', inFolder],
  ])('%s prints the files that are there', async (words, expected) => {
    const { exitCode, stdout } = await run(...words.split(' '), '--shell', 'sh');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(expected()) });
    expect(stdout).toContain(words.includes('node2') ? 'tcp://node2:2376' : 'tcp://node1:2376');
  });

  test('does not take a folder that others may write to for what it was told by name alone', async () => {
    fs.chmodSync(path.join(laptop, 'alice'), 0o777);
    expect(await run('env', 'alice', '--for', 'node2')).toMatchObject({ exitCode: 1 });
  });

  test('exec runs with the files that are there, and without what overrides their CA', async () => {
    let seen: NodeJS.ProcessEnv = {};
    const env = {
      HOME: laptop,
      REQUESTS_CA_BUNDLE: '/x',
      CURL_CA_BUNDLE: '/x',
      DOCKER_CONTEXT: 'x',
      KEPT: '1',
    };
    const runProgram = async (
      _: string,
      __: readonly string[],
      given: NodeJS.ProcessEnv,
    ): Promise<{ code: number }> => {
      seen = given;
      return { code: 0 };
    };
    await main(['exec', 'alice', '--', 'docker'], fakeIo({ cwd: laptop, env, runProgram }));
    expect(seen).toEqual({
      HOME: laptop,
      KEPT: '1',
      DOCKER_HOST: 'tcp://node1:2376',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: tlsFolder(),
    });
  });

  test('env reports what would override the CA', async () => {
    const notes: string[] = [];
    const io = fakeIo({
      cwd: laptop,
      env: { HOME: laptop, CURL_CA_BUNDLE: '/x' },
      note: (line) => notes.push(line),
    });
    await main(['env', 'alice'], io);
    expect(notes).toEqual([expect.stringContaining('CURL_CA_BUNDLE is set')]);
  });

  test.each(['context update', 'context update node1', 'context update node1 --client alice'])(
    '%s leads to the new bundle',
    async (words) => {
      const { exitCode, stderr } = await run(...words.split(' '));
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining('unbundle FILE --install'),
      });
    },
  );
});
