import fs from 'node:fs';
import path from 'node:path';
import { openBundle } from '@docker-mtls/bundle/open';
import { decryptBundle } from '@docker-mtls/bundle/protect';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { P256, requestDer, requestPem } from '../../../../../test/hostile/request-maker.ts';
import { treeOf } from '../../../../../test/support/tree.ts';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

// Made by age-keygen for these tests.
const RECIPIENT = 'age15s57psqcxj3hglvd9jk8dqe2fvhg3hgv400f7xghfl0ydfyf8g9sjwacrw';
const IDENTITY = 'AGE-SECRET-KEY-1CSRNW2YY60Z7LHNX4KUVQ4AK08KMGYQDYSXRX7EGW8KTAZP3K76SFR77W8';

const ISSUE = ['bundle', '--names', 'people', '-o', 'out', '--issue'];

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice', '--group', 'dev']);
  list('alice\nbob ops\ncarol ops dev\n');
});

function list(text: string): void {
  fs.writeFileSync(path.join(ca.folder, 'people'), text);
}

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { exitCode, ...(JSON.parse(String(stdout)) as Record<string, unknown>) };
}

function opened(name: string): ReturnType<typeof openBundle> {
  return openBundle(fs.readFileSync(path.join(ca.folder, 'out', name)), { now: NOW });
}

describe('a list is packed', () => {
  test('with a pair for each client that had none', async () => {
    const { serial } = await ca.current('client', 'alice');
    const result = await answer(...ISSUE, '--for', 'node1');
    expect(result).toMatchObject({
      exitCode: 0,
      names: 3,
      issued: 2,
      written: 3,
      hosts: ['tcp://node1:2376'],
    });
    expect(result['files']).toMatchObject([
      { name: 'alice', issued: false, written: true, withKey: true, serial },
      { name: 'bob', issued: true, file: path.join(ca.folder, 'out/bob.tar.gz') },
      { name: 'carol', issued: true, serial: (await ca.current('client', 'carol')).serial },
    ]);
    for (const client of ['alice', 'bob', 'carol'])
      expect(opened(`${client}.tar.gz`)).toMatchObject({
        client,
        layout: 'folder',
        files: { certificate: (await ca.current('client', client)).certificate().pem },
      });
  });

  test('with the groups of the list', async () => {
    await ca.run(...ISSUE);
    const { subject } = (await ca.current('client', 'carol')).certificate().info;
    expect(subject.organizationalUnits).toEqual(['ops', 'dev']);
  });

  test('into a folder and files that only their owner can read', async () => {
    await ca.run(...ISSUE);
    const mode = (file: string): number => fs.statSync(path.join(ca.folder, file)).mode & 0o777;
    expect(['out', 'out/alice.tar.gz', 'out/bob.tar.gz'].map(mode)).toEqual([0o700, 0o600, 0o600]);
  });

  test('with the same outcome again', async () => {
    await ca.run(...ISSUE);
    const before = treeOf(ca.folder);
    expect(await answer(...ISSUE)).toMatchObject({ exitCode: 0, issued: 0, written: 0 });
    expect(treeOf(ca.folder)).toEqual(before);
  });

  test('and what is missing of it is made by the same run again', async () => {
    await ca.run(...ISSUE);
    fs.rmSync(path.join(ca.folder, 'out/bob.tar.gz'));
    list('alice\nbob ops\ncarol\ndora\n');
    expect(await answer(...ISSUE)).toMatchObject({ issued: 1, written: 2 });
    expect(fs.readdirSync(path.join(ca.folder, 'out'))).toHaveLength(4);
  });

  test("with a new bundle in the place of a client's earlier one", async () => {
    await ca.run(...ISSUE);
    await ca.run('issue-client', 'bob', '--force');
    expect(await answer(...ISSUE.slice(0, 5))).toMatchObject({ exitCode: 1 });
    list('alice\nbob\ncarol\n');
    expect(await answer(...ISSUE.slice(0, 5))).toMatchObject({ exitCode: 0, written: 1 });
    expect(opened('bob.tar.gz').files.certificate).toBe(
      (await ca.current('client', 'bob')).certificate().pem,
    );
  });

  test.each([
    { options: '--layout pwd', file: 'bob.tar.gz', layout: 'pwd' },
    { options: '--for node1 --format zip', file: 'bob.zip', layout: 'folder' },
    { options: '--for node1 --layout context', file: 'bob.dockercontext', layout: 'context' },
  ])('as $file with $options', async ({ options, file, layout }) => {
    expect(await answer(...ISSUE, ...options.split(' '))).toMatchObject({ exitCode: 0, layout });
    expect(fs.readdirSync(path.join(ca.folder, 'out'))).toHaveLength(3);
    expect(opened(file)).toMatchObject({ layout, client: 'bob' });
  });

  test('locked for the holder of an age recipient', async () => {
    await ca.run(...ISSUE, '--recipient', RECIPIENT);
    const locked = fs.readFileSync(path.join(ca.folder, 'out/bob.tar.gz.age'));
    const plain = await decryptBundle(locked, { identities: [IDENTITY] });
    expect(openBundle(plain, { now: NOW }).client).toBe('bob');
  });

  test('without the key of a client that sent a request', async () => {
    fs.writeFileSync(path.join(ca.folder, 'bob.csr'), requestPem(requestDer(P256)));
    await ca.run('issue-client', 'bob', '--csr', 'bob.csr');
    list('bob\nalice\n');
    const { stdout } = await ca.run(...ISSUE);
    expect(stdout).toContain('1 holds certificates only');
    expect(opened('bob.tar.gz').files.key).toBeUndefined();
    expect(opened('alice.tar.gz').files.key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test('and a terminal is told how far it is', async () => {
    const lines: string[] = [];
    const progress = (line: string): void => void lines.push(line);
    await main(ISSUE, { ...ca.io, progress });
    expect(lines).toEqual(['packed 3 of 3…']);
  });
});

test('a list of more than five hundred comes in several batches, and loses nobody', async () => {
  const names = Array.from({ length: 502 }, (_, index) => `client${index}`);
  list(names.join('\n'));
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  const { exitCode } = await main(ISSUE, { ...ca.io, progress });
  expect({ exitCode, lines }).toEqual({
    exitCode: 0,
    lines: ['packed 500 of 502…', 'packed 502 of 502…'],
  });
  const made = fs.readdirSync(path.join(ca.folder, 'out')).toSorted();
  expect(made).toEqual(names.map((name) => `${name}.tar.gz`).toSorted());
  expect(opened('client501.tar.gz').client).toBe('client501');
});

describe('nothing is made', () => {
  test.each<{ why: string; text?: string; argv: readonly string[]; code: string; says: string }>([
    {
      why: 'without --issue',
      argv: [],
      code: 'NOT_ISSUED',
      says: 'line 2: the client "bob" has no pair yet (and so for 1 more)',
    },
    { why: 'for a bad name', text: 'bob\na/b\n', argv: ['--issue'], code: 'NAMES_INVALID', says: 'line 2' },
    {
      why: "for a name that is another client's but for its case",
      text: 'bob\nAlice\n',
      argv: ['--issue'],
      code: 'NAMES_INVALID',
      says: 'line 2: "Alice" would share its folder with the client "alice"',
    },
    {
      why: 'for groups that are not those that were issued',
      text: 'bob\nalice ops\n',
      argv: ['--issue'],
      code: 'NAMES_INVALID',
      says: 'line 2: "alice" was issued in dev, and is in ops here',
    },
    { why: 'with --force alone', argv: ['--force'], code: 'NOT_ISSUED', says: 'line 2' },
  ])('$why', async ({ text, argv, code, says }) => {
    if (text !== undefined) list(text);
    const before = treeOf(ca.folder);
    expect(await answer(...ISSUE.slice(0, 5), ...argv)).toMatchObject({
      exitCode: 1,
      error: { code, message: expect.stringContaining(says), hint: expect.any(String) },
    });
    expect(treeOf(ca.folder)).toEqual(before);
  });

  test("where somebody has taken a client's files away", async () => {
    fs.rmSync(path.join(ca.folder, 'ca/clients/alice'), { recursive: true });
    list('bob\nalice\n');
    const before = treeOf(ca.folder);
    expect(await answer(...ISSUE)).toMatchObject({ error: { code: 'PAIR_MISSING' } });
    expect(treeOf(ca.folder)).toEqual(before);
  });

  test('where another file already has the name of the last one', async () => {
    fs.mkdirSync(path.join(ca.folder, 'out'));
    fs.writeFileSync(path.join(ca.folder, 'out/carol.tar.gz'), 'precious');
    const before = treeOf(ca.folder);
    expect(await answer(...ISSUE)).toMatchObject({ error: { code: 'BUNDLE_EXISTS' } });
    expect(treeOf(ca.folder)).toEqual(before);
    expect(await answer(...ISSUE, '--force')).toMatchObject({ exitCode: 0, written: 3 });
  });

  test.each([
    ['alice --names people -o out', 'NAME and --names were both given'],
    ['', 'NAME is missing'],
    ['--names people', '--names makes many files'],
    ['--names people -o -', '--names makes many files'],
    ['--names people -o out --encrypt', 'one passphrase would open'],
    ['--names people -o out --p12', 'one passphrase would open'],
    ['--names people -o out --csr x', '--csr hands one client'],
    ['--names people -o out --layout context --for a1 --for a2', 'several contexts'],
  ])('for the wrong words %j', async (words, says) => {
    fs.writeFileSync(path.join(ca.folder, 'x'), '');
    const before = treeOf(ca.folder);
    const result = await answer('bundle', ...words.split(' ').filter((word) => word !== ''));
    expect(result).toMatchObject({ exitCode: 2, error: { message: expect.stringContaining(says) } });
    expect(treeOf(ca.folder)).toEqual(before);
  });
});

test('one client is issued a pair on the way, if it has none', async () => {
  expect(await answer('bundle', 'dora', '--issue')).toMatchObject({
    exitCode: 0,
    name: 'dora',
    withKey: true,
  });
  const { serial } = await ca.current('client', 'dora');
  await answer('bundle', 'dora', '--issue');
  expect((await ca.current('client', 'dora')).serial).toBe(serial);
});
