import fs from 'node:fs';
import path from 'node:path';
import { readDockerContext } from '@docker-mtls/bundle';
import { openBundle } from '@docker-mtls/bundle/open';
import { decryptBundle } from '@docker-mtls/bundle/protect';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { P256, requestDer, requestPem } from '../../../../../test/hostile/request-maker.ts';
import { output } from '../../../../../test/support/run.ts';
import { NOW, typing } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';
import type { ProcessOutcome } from '../../outcome.ts';

// Made by age-keygen for these tests.
const RECIPIENT = 'age15s57psqcxj3hglvd9jk8dqe2fvhg3hgv400f7xghfl0ydfyf8g9sjwacrw';
const IDENTITY = 'AGE-SECRET-KEY-1CSRNW2YY60Z7LHNX4KUVQ4AK08KMGYQDYSXRX7EGW8KTAZP3K76SFR77W8';

let ca: TestCa;
let issued: ProcessOutcome;

beforeAll(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
  fs.writeFileSync(path.join(ca.folder, 'bob.csr'), requestPem(requestDer(P256)));
  issued = await ca.run('issue-client', 'bob', '--csr', 'bob.csr');
});

beforeEach(() => {
  for (const name of made()) fs.rmSync(path.join(ca.folder, name));
});

/** What `bundle` wrote into its working folder. */
function made(): readonly string[] {
  return fs.readdirSync(ca.folder).filter((name) => !['ca', 'bob.csr', 'phrase'].includes(name));
}

function read(name: string): Buffer {
  return fs.readFileSync(path.join(ca.folder, name));
}

describe('makes', () => {
  test.each([
    { line: 'bundle alice', files: ['alice.tar.gz'], layout: 'flat', hosts: [] },
    { line: 'bundle alice --layout pwd', files: ['pwd-client-certs'], layout: 'pwd', hosts: [] },
    { line: 'bundle alice --for node1', files: ['alice.tar.gz'], layout: 'folder', hosts: ['node1'] },
    {
      line: 'bundle alice --for node1 --for 10.0.0.5 --for tcp://node1:2376 --format zip',
      files: ['alice.zip'],
      layout: 'folder',
      hosts: ['node1', '10.0.0.5'],
    },
    {
      line: 'bundle alice --for node1 --layout context',
      files: ['alice.dockercontext'],
      layout: 'context',
      hosts: ['node1'],
    },
  ])('$line: $files', async ({ line, files, layout, hosts }) => {
    expect(await ca.run(...line.split(' '))).toMatchObject({ stderr: '', exitCode: 0 });
    expect(made()).toEqual(files);
    const opened = openBundle(read(files[0] ?? ''), { now: NOW });
    expect(opened).toMatchObject({ layout, client: 'alice' });
    expect(opened.hosts.map(({ name }) => name)).toEqual(hosts);
    const { stdout } = await ca.run(...line.split(' '), '--json');
    expect(JSON.parse(String(stdout))).toMatchObject({ hosts: opened.hosts.map(({ url }) => url) });
    expect(opened.files.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(fs.statSync(path.join(ca.folder, files[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  test('a context for each of several engines, or none of them', async () => {
    const argv = ['bundle', 'alice', '--layout', 'context', '--for', 'node1', '--for', 'node2:2377'];
    fs.writeFileSync(path.join(ca.folder, 'node2+2377.dockercontext'), 'x');
    const { exitCode, stderr } = await ca.run(...argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('node2+2377') });
    expect(made()).toEqual(['node2+2377.dockercontext']);
    const { stdout } = await ca.run(...argv, '--force');
    expect(stdout).toMatch(
      /import node1 .*node1\.dockercontext\n.*import node2\+2377 .*node2\+2377\.dockercontext\n/,
    );
    expect(made()).toEqual(['node1.dockercontext', 'node2+2377.dockercontext']);
    expect(readDockerContext(read('node2+2377.dockercontext'))).toMatchObject({ host: 'tcp://node2:2377' });
  });

  test('the same bytes again, and says so', async () => {
    await ca.run('bundle', 'alice', '--for', 'node1');
    const { stdout } = await ca.run('bundle', 'alice', '--for', 'node1');
    expect(stdout).toContain('already holds');
  });

  test("a new bundle in the place of the client's earlier one, and of nobody else's", async () => {
    await ca.run('issue-client', 'erin');
    await ca.run('bundle', 'erin', '-o', 'handed-over');
    await ca.run('issue-client', 'erin', '--force');
    expect(await ca.run('bundle', 'erin', '-o', 'handed-over')).toMatchObject({ exitCode: 0 });
    const { certificate } = await ca.current('client', 'erin');
    expect(openBundle(read('handed-over'), { now: NOW }).certificate.pem).toBe(certificate().pem);
    const { exitCode, stderr } = await ca.run('bundle', 'alice', '-o', 'handed-over');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('something else') });
  });

  test.each([[], ['--for', 'node1']])(
    'no bundle in the place of one that names more engines: %j',
    async (...words) => {
      await ca.run('bundle', 'alice', '--for', 'node1', '--for', 'node2:2377');
      const before = read('alice.tar.gz');
      const { exitCode, stderr } = await ca.run('bundle', 'alice', ...words);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(/alice\.tar\.gz is for .*node2:2377, .*\nhint: add .*--for node2:2377/),
      });
      expect(read('alice.tar.gz')).toEqual(before);
      expect(await ca.run('bundle', 'alice', ...words, '--force')).toMatchObject({ exitCode: 0 });
    },
  );

  test('what a killed command had not put in place yet, once that is done', async () => {
    await ca.run('issue-client', 'dora');
    const { serial, directory = '' } = await ca.current('client', 'dora');
    fs.renameSync(path.join(directory, '.current'), path.join(directory, `.next-${serial}`));
    expect(await ca.run('bundle', 'dora')).toMatchObject({ exitCode: 0 });
    expect(openBundle(read('dora.tar.gz'), { now: NOW }).client).toBe('dora');
  });

  test('what is said to come next, once a request was signed', () => {
    expect(issued.stdout).toContain('next: docker-mtls bundle bob --csr bob.csr --for HOST\n');
  });

  test("certificates alone for the request's owner, who has the key", async () => {
    const { stdout } = await ca.run('bundle', 'bob', '--csr', 'bob.csr', '--for', 'node1');
    expect(stdout).toContain('certificates only');
    expect(stdout).toContain(
      `  open with    docker-mtls unbundle ${ca.folder}/bob.tar.gz --key bob-key.pem\n`,
    );
    expect(stdout).not.toContain('root');
    expect(openBundle(read('bob.tar.gz'), { now: NOW }).files.key).toBeUndefined();
  });

  test('nothing for a request of another key', async () => {
    const { exitCode, stderr } = await ca.run('bundle', 'alice', '--csr', 'bob.csr');
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/"alice" was issued for another key than the request's\nhint: .*--csr/),
    });
    expect(made()).toEqual([]);
  });

  test('certificates alone where the key is elsewhere', async () => {
    const { stdout } = await ca.run('bundle', 'bob', '--for', 'node1');
    expect(stdout).toContain('certificates only');
    expect(openBundle(read('bob.tar.gz'), { now: NOW }).files.key).toBeUndefined();
  });

  test.each([['--layout context --for node1'], ['--p12 --bundle-passphrase-file phrase']])(
    'no %s of a client whose key is elsewhere',
    async (options) => {
      fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse\n');
      const { stderr } = await ca.run('bundle', 'bob', ...options.split(' '));
      expect(stderr).toContain('the one of "bob" is not here');
      expect(made()).toEqual([]);
    },
  );
});

describe('locks', () => {
  test('with a passphrase from a file', async () => {
    fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse\n');
    const argv = ['bundle', 'alice', '--for', 'node1', '--encrypt', '--bundle-passphrase-file', 'phrase'];
    expect(await ca.run(...argv)).toMatchObject({ exitCode: 0 });
    const plain = await decryptBundle(read('alice.tar.gz.age'), { passphrase: 'correct horse' });
    expect(openBundle(plain, { now: NOW }).client).toBe('alice');
  });

  test('with a passphrase that is typed twice', async () => {
    const { askSecret, questions } = typing('correct horse', 'correct horse');
    const { exitCode } = await main(['bundle', 'alice', '--encrypt'], { ...ca.io, askSecret });
    expect({ exitCode, questions: questions.length }).toEqual({ exitCode: 0, questions: 2 });
    await decryptBundle(read('alice.tar.gz.age'), { passphrase: 'correct horse' });
  });

  test('but not with one that was typed in two ways, or none', async () => {
    const { askSecret } = typing('correct horse', 'correct house');
    expect(await main(['bundle', 'alice', '--encrypt'], { ...ca.io, askSecret })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('not the same'),
    });
    expect((await ca.run('bundle', 'alice', '--encrypt')).stderr).toContain('--bundle-passphrase-file FILE');
    expect(made()).toEqual([]);
  });

  test('for the holder of an age recipient', async () => {
    await ca.run('bundle', 'alice', '--recipient', RECIPIENT);
    const plain = await decryptBundle(read('alice.tar.gz.age'), { identities: [IDENTITY] });
    expect(openBundle(plain, { now: NOW }).client).toBe('alice');
  });

  describeNeeding(['openssl'], 'for other programs', () => {
    test('as PKCS#12, which openssl opens', async () => {
      fs.writeFileSync(path.join(ca.folder, 'phrase'), 'correct horse\n');
      await ca.run('bundle', 'alice', '--p12', '--bundle-passphrase-file', 'phrase');
      const argv = [
        'pkcs12',
        '-in',
        path.join(ca.folder, 'alice.p12'),
        '-nodes',
        '-passin',
        'pass:correct horse',
      ];
      expect(await output('openssl', argv)).toContain('CN = alice');
    });
  });
});

test.each([
  ['--p12 --for node1', '--p12 makes one file'],
  ['--layout folder', 'none is named'],
  ['--layout flat --for node1', '--for has no place'],
  ['--format zip', '--format is for --layout folder'],
  ['--encrypt --recipient age1x', 'both given'],
  ['--bundle-passphrase-file phrase', 'nothing to lock'],
  ['--layout context --for a1 --for a2 -o x', 'several contexts'],
  ['-o - --json', 'both want stdout'],
  ['-o alice.tar.gz.age --force', 'nothing encrypts it'],
  ['-o alice.p12', 'names a PKCS#12 file'],
  ['--csr bob.csr --issue', '--csr hands one client its certificates back'],
  ['--csr bob.csr --p12', '--csr hands one client its certificates back'],
  ['--csr bob.csr --layout context --for node1', '--csr hands one client its certificates back'],
])('refuses %s as wrong usage', async (options, says) => {
  const { exitCode, stdout, stderr } = await ca.run('bundle', 'alice', ...options.split(' '));
  expect({ exitCode, said: `${String(stdout)}${stderr}` }).toEqual({
    exitCode: 2,
    said: expect.stringContaining(says),
  });
});
