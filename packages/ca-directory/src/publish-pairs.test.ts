import { createPublicKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openSqliteRegistry } from '@docker-mtls/registry';
import type { Registry } from '@docker-mtls/registry';
import { layoutOf } from './layout.ts';
import type { PairRequest } from './plan-pairs.ts';
import { publishPairs } from './publish-pair.ts';
import type { PublishedPair } from './publish-pair.ts';
import {
  filesOf,
  laidDown,
  makeTestCa,
  pairFor,
  publish,
  treeOf,
  unfinishedIn,
  withStore,
} from '../testing/test-ca.ts';

const ca = makeTestCa();
/** Enough that they go to the disk by one call for the whole file system. */
const MANY = 40;
let directory: string;

beforeEach(async () => {
  directory = await laidDown(ca);
});

function publishAll(requests: readonly PairRequest[]): Promise<readonly PublishedPair[]> {
  return withStore(directory, (store) => store.publishPairs(requests));
}

function clients(count: number): readonly PairRequest[] {
  return Array.from({ length: count }, (_, index) => pairFor(ca, 'client', `client${index}`));
}

function holdsItsKey({ files }: PublishedPair): boolean {
  const publicKey = createPublicKey(fs.readFileSync(String(files.key)));
  return new X509Certificate(fs.readFileSync(files.certificate)).publicKey.equals(publicKey);
}

describe('many pairs at once', () => {
  test('are all whole, on record and in the order that they were asked for', async () => {
    const requests = clients(MANY);
    const pairs = await publishAll(requests);
    expect(pairs.map(({ directory: folder }) => nodePath.basename(folder))).toEqual(
      requests.map(({ name }) => name),
    );
    expect(pairs.filter((pair) => !holdsItsKey(pair))).toEqual([]);
    expect(pairs.map(({ files }) => fs.readFileSync(files.certificate, 'utf8'))).toEqual(
      requests.map(({ certificate }) => certificate.pem),
    );
    const entries = await withStore(directory, (store) => store.entries({ kind: 'client' }));
    expect(new Set(entries.map(({ serial }) => serial))).toEqual(
      new Set(requests.map(({ certificate }) => certificate.info.serial)),
    );
    expect(unfinishedIn(directory)).toEqual([]);
  });

  test('may be of a server and of clients, of the same name even, and are one change', async () => {
    const requests = [
      pairFor(ca, 'client', 'bob'),
      pairFor(ca, 'server', 'node1'),
      pairFor(ca, 'client', 'node1'),
    ];
    const pairs = await publishAll(requests);
    expect(pairs.map(({ directory: folder }) => nodePath.relative(directory, folder))).toEqual([
      'clients/bob',
      'servers/node1',
      'clients/node1',
    ]);
    expect(pairs.filter((pair) => !holdsItsKey(pair))).toEqual([]);
    const taken = { ...pairFor(ca, 'server', 'node1'), force: false };
    await expect(publishAll([pairFor(ca, 'client', 'carol'), taken])).rejects.toThrow('there is a server');
    expect(await withStore(directory, (store) => store.current('client', 'carol'))).toBeUndefined();
  });

  test('are none when there is none to publish', async () => {
    const before = treeOf(directory);
    expect(await publishAll([])).toEqual([]);
    expect(treeOf(directory)).toEqual(before);
  });

  test('take the places of those that stand there, each kept aside', async () => {
    const first = await publishAll(clients(3));
    const second = await publishAll(clients(3).map((request) => ({ ...request, force: true })));
    expect(second.map(({ setAside }) => setAside)).toEqual(first.map(() => expect.any(String)));
    expect(second.filter((pair) => !holdsItsKey(pair))).toEqual([]);
  });
});

describe('nothing changes when one of them', () => {
  test.each<{ what: string; code: string; names: readonly string[] }>([
    { what: 'stands there already', code: 'CA_DIRECTORY_NAME_TAKEN', names: ['bob', 'alice'] },
    {
      what: 'would share its folder with one there',
      code: 'CA_DIRECTORY_NAME_COLLIDES',
      names: ['bob', 'ALICE'],
    },
    {
      what: 'would share its folder with another',
      code: 'CA_DIRECTORY_NAME_COLLIDES',
      names: ['bob', 'carol', 'Bob'],
    },
    { what: 'is asked for twice', code: 'CA_DIRECTORY_NAME_COLLIDES', names: ['bob', 'bob'] },
    { what: 'cannot be a folder', code: 'CA_DIRECTORY_NAME_UNUSABLE', names: ['bob', '../carol'] },
  ])('$what', async ({ code, names }) => {
    await publish(directory, pairFor(ca, 'client', 'alice'));
    const before = treeOf(directory);
    await expect(publishAll(names.map((name) => pairFor(ca, 'client', name)))).rejects.toThrow(
      expect.objectContaining({ code, hint: expect.any(String) }),
    );
    expect(treeOf(directory)).toEqual(before);
  });

  test('cannot be recorded', async () => {
    await publish(directory, pairFor(ca, 'client', 'alice'));
    const before = filesOf(directory);
    const broken = { ...pairFor(ca, 'client', 'carol'), now: new Date(Number.NaN) };
    await expect(publishAll([pairFor(ca, 'client', 'bob'), broken])).rejects.toThrow(RangeError);
    expect(filesOf(directory)).toEqual(before);
  });
});

/** Its second change, which records the certificates, succeeds and is reported as a failure. */
function lateFailure(path: string): Registry {
  const registry = openSqliteRegistry(path);
  let changes = 0;
  return {
    ...registry,
    transact: async (work) => {
      const result = await registry.transact(work);
      changes += 1;
      if (changes > 1) throw new Error('the disk is gone');
      return result;
    },
  };
}

test('a failure right after the commit keeps every key, and the next opening puts all in place', async () => {
  const requests = clients(3);
  const layout = layoutOf(directory);
  const registry = lateFailure(layout.registry);
  await registry.lock();
  await expect(publishPairs(layout, registry, requests)).rejects.toThrow('the disk is gone');
  await registry.close();
  expect(await withStore(directory, (store) => store.repairs)).toHaveLength(3);
  for (const { name, keyPem } of requests)
    expect(fs.readFileSync(nodePath.join(directory, 'clients', name, 'key.pem'), 'utf8')).toBe(keyPem);
});
