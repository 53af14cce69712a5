import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { Connection } from '@docker-mtls/registry';
import { openStore, readStore } from './open-store.ts';
import type { PairRequest } from './plan-pairs.ts';
import {
  filesOf,
  laidDown,
  makeTestCa,
  NOW,
  OPERATOR,
  pairFor,
  publish,
  treeOf,
  unpublish,
  withStore,
} from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;
let first: ReturnType<typeof pairFor>;
let second: ReturnType<typeof pairFor>;

beforeEach(async () => {
  directory = await laidDown(ca);
  first = pairFor(ca, 'server', 'node1');
  second = { ...pairFor(ca, 'server', 'node1'), force: true };
});

const serialOf = ({ certificate }: PairRequest): string => certificate.info.serial;
const place = (): string => nodePath.join(directory, 'servers/node1');
const generation = (pair: PairRequest): string => nodePath.join(place(), `.gen-${serialOf(pair)}`);
const visible = (): readonly string[] =>
  ['ca.pem', 'server-cert.pem', 'server-key.pem'].map((name) =>
    fs.readFileSync(nodePath.join(place(), name), 'utf8'),
  );

async function reinstate(pair: PairRequest, name = 'node1'): Promise<void> {
  await withStore(directory, (store) =>
    store.reinstatePair({
      kind: 'server',
      name,
      serial: serialOf(pair),
      operator: OPERATOR,
      now: NOW,
    }),
  );
}

async function statuses(): Promise<Record<string, string>> {
  const reader = await readStore(directory);
  try {
    return Object.fromEntries(
      (await reader.entries({ kind: 'server', all: true })).map(({ serial, status }) => [serial, status]),
    );
  } finally {
    await reader.close();
  }
}

test('is in force again, byte for byte; the other stays on record, and its files are kept', async () => {
  await publish(directory, first);
  const before = visible();
  await publish(directory, second);
  const other = treeOf(generation(second));
  await reinstate(first);
  expect(visible()).toEqual(before);
  expect(treeOf(generation(second))).toEqual(other);
  expect(await statuses()).toEqual({ [serialOf(first)]: 'current', [serialOf(second)]: 'replaced' });
  await withStore(directory, async (store) => {
    expect(store.repairs).toEqual([]);
    const entry = await store.current('server', 'node1');
    expect(entry).toMatchObject({ serial: serialOf(first), directory: place() });
    expect(entry).not.toHaveProperty('replacedBy');
  });
});

test('again and again: the pair that had to go last is kept', async () => {
  await publish(directory, first);
  const third = { ...pairFor(ca, 'server', 'node1'), force: true };
  for (const pair of [second, third]) {
    await publish(directory, pair);
    await reinstate(first);
  }
  expect(fs.readdirSync(place()).filter((name) => name.startsWith('.gen-'))).toEqual(
    [first, third].map((pair) => `.gen-${serialOf(pair)}`).toSorted(),
  );
  expect(visible()[2]).toBe(first.keyPem);
});

test('a pair that is in force is left alone', async () => {
  await publish(directory, first);
  const before = treeOf(directory);
  await reinstate(first);
  expect(treeOf(directory)).toEqual(before);
});

test.each([
  ['of another name', (): PairRequest => first, 'node2'],
  ['that was never issued', (): PairRequest => second, 'node1'],
])('a certificate %s is refused', async (_title, pair, name) => {
  await publish(directory, first);
  await expect(reinstate(pair(), name)).rejects.toThrow(
    expect.objectContaining({ code: 'CA_DIRECTORY_NOT_REPLACED' }),
  );
});

test('one that was revoked never comes back', async () => {
  await publish(directory, first);
  await publish(directory, second);
  const registry = new Connection(nodePath.join(directory, 'registry.db'));
  registry.run(`UPDATE certificates SET status = 'revoked' WHERE serial = ?`, serialOf(first));
  registry.close();
  await expect(reinstate(first)).rejects.toThrow(
    expect.objectContaining({ code: 'CA_DIRECTORY_NOT_REPLACED' }),
  );
});

test('whose files are gone is in force on record, and the files of the other one stay', async () => {
  await publish(directory, first);
  await publish(directory, second);
  fs.rmSync(generation(first), { recursive: true });
  await reinstate(first);
  await withStore(directory, async (store) => {
    expect(store.repairs).toEqual([]);
    expect((await store.current('server', 'node1'))?.serial).toBe(serialOf(first));
    expect((await store.current('server', 'node1'))?.directory).toBeUndefined();
  });
  expect(visible()[2]).toBe(second.keyPem);
});

test('whose files somebody has put back by hand is found to be in place', async () => {
  await publish(directory, first);
  const files = visible();
  await publish(directory, second);
  fs.rmSync(generation(first), { recursive: true });
  ['ca.pem', 'server-cert.pem', 'server-key.pem'].forEach((name, index) => {
    fs.rmSync(nodePath.join(place(), name));
    fs.writeFileSync(nodePath.join(place(), name), String(files[index]), { mode: 0o600 });
  });
  await reinstate(first);
  await withStore(directory, async (store) =>
    expect((await store.current('server', 'node1'))?.directory).toBe(place()),
  );
  await publish(directory, { ...pairFor(ca, 'server', 'node1'), force: true });
  expect(fs.lstatSync(nodePath.join(place(), 'server-key.pem')).isSymbolicLink()).toBe(true);
});

test('killed after the commit, is finished by the next command', async () => {
  await publish(directory, first);
  await publish(directory, second);
  await reinstate(first);
  const after = filesOf(directory);
  unpublish(directory, { kind: 'server', name: 'node1', serial: serialOf(first), former: serialOf(second) });
  const reader = await readStore(directory);
  expect(await reader.current('server', 'node1')).toMatchObject({ serial: serialOf(first) });
  expect((await reader.current('server', 'node1'))?.directory).toBeUndefined();
  await reader.close();
  const store = await openStore(directory);
  await store.close();
  expect(store.repairs).toEqual(['put the files of the server "node1" in place']);
  expect(filesOf(directory)).toEqual(after);
});
