import { spawnSync } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { openStore, readStore } from './open-store.ts';
import { NOW, OPERATOR, temporaryFolder, treeOf, unfinishedIn, withStore } from '../testing/test-ca.ts';

/** A CA directory of the last release with schema 1: node1, alice, and bob, who has got a second pair. */
const ARCHIVE = nodePath.join(import.meta.dirname, '../testing/ca-of-schema-1.tar.gz');

let directory: string;

beforeEach(() => {
  const folder = temporaryFolder();
  spawnSync('tar', ['-xzpf', ARCHIVE, '--no-same-owner', '-C', folder]);
  directory = nodePath.join(folder, 'ca');
});

const inDirectory = (...names: readonly string[]): string => nodePath.join(directory, ...names);

function isWhole(folder: string): boolean {
  const read = (name: string): string => fs.readFileSync(nodePath.join(folder, name), 'utf8');
  return new X509Certificate(read('cert.pem')).publicKey.equals(createPublicKey(read('key.pem')));
}

test('a reader reads it, and leaves it as it is', async () => {
  const before = treeOf(directory);
  const reader = await readStore(directory);
  expect((await reader.entries()).map(({ name }) => name)).toEqual([
    'docker-mtls CA',
    'node1',
    'alice',
    'bob',
  ]);
  expect((await reader.current('client', 'bob'))?.directory).toBe(inDirectory('clients/bob'));
  expect((await reader.current('client', 'bob'))?.read().key?.toString()).toContain('PRIVATE KEY');
  const [former] = (await reader.entries({ name: 'bob', all: true })).filter(
    ({ status }) => status === 'replaced',
  );
  expect(former?.directory).toBe(inDirectory('clients/.superseded', `bob-${former?.serial}`));
  await reader.close();
  expect(treeOf(directory)).toEqual(before);
});

test('the first change migrates the registry, reports the pairs that were kept, and changes no pair', async () => {
  const before = treeOf(inDirectory('clients/bob'));
  const superseded = treeOf(inDirectory('clients/.superseded'));
  const store = await openStore(directory);
  await store.close();
  expect(store.repairs).toEqual([
    expect.stringMatching(
      /^kept 1 pair that was replaced by an earlier release in .*clients\/\.superseded;/u,
    ),
  ]);
  expect(treeOf(inDirectory('clients/bob'))).toEqual(before);
  expect(treeOf(inDirectory('clients/.superseded'))).toEqual(superseded);
  expect(fs.existsSync(inDirectory('clients/.staged'))).toBe(false);
  expect(await withStore(directory, ({ repairs }) => repairs)).toEqual([]);
});

test('what the first change had not cleared when it was killed, the next one clears', async () => {
  await withStore(directory, async () => undefined);
  fs.mkdirSync(inDirectory('servers/.staged/abcd'), { recursive: true, mode: 0o700 });
  fs.writeFileSync(inDirectory('servers/.staged/abcd/server-key.pem'), 'a key without a certificate');
  fs.mkdirSync(inDirectory('clients/.staged'));
  await withStore(directory, async () => undefined);
  expect(fs.existsSync(inDirectory('servers/.staged'))).toBe(false);
  expect(fs.existsSync(inDirectory('clients/.staged'))).toBe(false);
});

test('what a killed command of that release has recorded and not published is published', async () => {
  const reader = await readStore(directory);
  const { serial = '' } = (await reader.current('client', 'bob')) ?? {};
  const [former] = (await reader.entries({ name: 'bob', all: true })).filter(
    ({ status }) => status === 'replaced',
  );
  await reader.close();
  const key = fs.readFileSync(inDirectory('clients/bob/key.pem'), 'utf8');
  fs.renameSync(inDirectory('clients/bob'), inDirectory('clients/.staged', serial));
  fs.writeFileSync(inDirectory('clients/.staged', serial, 'cert.pem'), '\n\n');
  fs.renameSync(inDirectory('clients/.superseded', `bob-${former?.serial}`), inDirectory('clients/bob'));
  fs.mkdirSync(inDirectory('servers/.staged/abcd'));
  fs.writeFileSync(inDirectory('servers/.staged/abcd/server-key.pem'), 'a key without a certificate');
  const old = await readStore(directory);
  expect((await old.current('client', 'bob'))?.directory).toBeUndefined();
  await old.close();
  expect(await withStore(directory, ({ repairs }) => repairs)).toEqual([
    'put the files of the client "bob" in place',
  ]);
  expect(fs.readFileSync(inDirectory('clients/bob/key.pem'), 'utf8')).toBe(key);
  expect(isWhole(inDirectory('clients/bob'))).toBe(true);
  expect(fs.existsSync(inDirectory('servers/.staged'))).toBe(false);
  expect(unfinishedIn(directory)).toEqual([]);
});

test('a pair that it has replaced can be in force again', async () => {
  const reader = await readStore(directory);
  const [former] = (await reader.entries({ name: 'bob', all: true })).filter(
    ({ status }) => status === 'replaced',
  );
  const key = former?.read().key?.toString();
  await reader.close();
  const serial = former?.serial ?? '';
  await withStore(directory, async (store) => {
    await store.reinstatePair({ kind: 'client', name: 'bob', serial, operator: OPERATOR, now: NOW });
    expect(await store.current('client', 'bob')).toMatchObject({ serial });
    expect((await store.current('client', 'bob'))?.directory).toBe(inDirectory('clients/bob'));
  });
  expect(fs.readFileSync(inDirectory('clients/bob/key.pem'), 'utf8')).toBe(key);
  expect(isWhole(inDirectory('clients/bob'))).toBe(true);
});
