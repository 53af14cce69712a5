import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openStore, readStore } from './open-store.ts';
import type { PairRequest } from './plan-pairs.ts';
import { Registry } from './registry.ts';
import {
  laidDown,
  makeTestCa,
  NOW,
  OPERATOR,
  pairFor,
  publish,
  treeOf,
  withStore,
} from './test-ca.support.ts';

const ca = makeTestCa();
let directory: string;
let first: PairRequest;
let second: PairRequest;

beforeEach(() => {
  directory = laidDown(ca);
  first = pairFor(ca, 'server', 'node1');
  second = { ...pairFor(ca, 'server', 'node1'), force: true };
});

const serialOf = ({ certificate }: PairRequest): string => certificate.info.serial;
const place = (): string => nodePath.join(directory, 'servers/node1');
const aside = (pair: PairRequest): string =>
  nodePath.join(directory, `servers/.superseded/node1-${serialOf(pair)}`);

function reinstate(pair: PairRequest, name = 'node1'): void {
  withStore(directory, (store) =>
    store.reinstatePair({ kind: 'server', name, serial: serialOf(pair), operator: OPERATOR, now: NOW }),
  );
}

function statuses(): Record<string, string> {
  const reader = readStore(directory);
  try {
    return Object.fromEntries(
      reader.entries({ kind: 'server', all: true }).map(({ serial, status }) => [serial, status]),
    );
  } finally {
    reader.close();
  }
}

test('is in force again, byte for byte; the other stays on record, and its files are kept', () => {
  publish(directory, first);
  const before = treeOf(place());
  publish(directory, second);
  const other = treeOf(place());
  reinstate(first);
  expect(treeOf(place())).toEqual(before);
  expect(treeOf(aside(second))).toEqual(other);
  expect(fs.existsSync(aside(first))).toBe(false);
  expect(statuses()).toEqual({ [serialOf(first)]: 'current', [serialOf(second)]: 'replaced' });
  withStore(directory, (store) => {
    expect(store.repairs).toEqual([]);
    const entry = store.current('server', 'node1');
    expect(entry).toMatchObject({ serial: serialOf(first), directory: place() });
    expect(entry).not.toHaveProperty('replacedBy');
  });
});

test('again and again: each pair that had to go is kept under its own serial', () => {
  publish(directory, first);
  const third = { ...pairFor(ca, 'server', 'node1'), force: true };
  for (const pair of [second, third]) {
    publish(directory, pair);
    reinstate(first);
  }
  expect(fs.readdirSync(nodePath.dirname(aside(first))).toSorted()).toEqual(
    [second, third].map((pair) => `node1-${serialOf(pair)}`).toSorted(),
  );
});

test('a pair that is in force is left alone', () => {
  publish(directory, first);
  const before = treeOf(directory);
  reinstate(first);
  expect(treeOf(directory)).toEqual(before);
});

test.each([
  ['of another name', (): PairRequest => first, 'node2'],
  ['that was never issued', (): PairRequest => second, 'node1'],
])('a certificate %s is refused', (_title, pair, name) => {
  publish(directory, first);
  expect(() => reinstate(pair(), name)).toThrow(expect.objectContaining({ code: 'STORE_NOT_REPLACED' }));
});

test('one that was revoked never comes back', () => {
  publish(directory, first);
  publish(directory, second);
  const registry = new Registry(nodePath.join(directory, 'registry.db'));
  registry.run(`UPDATE certificates SET status = 'revoked' WHERE serial = ?`, serialOf(first));
  registry.close();
  expect(() => reinstate(first)).toThrow(expect.objectContaining({ code: 'STORE_NOT_REPLACED' }));
});

test('whose files are gone: the other ones go aside all the same, and what nobody knows stays', () => {
  publish(directory, first);
  publish(directory, second);
  fs.rmSync(aside(first), { recursive: true });
  reinstate(first);
  expect(fs.existsSync(place())).toBe(false);
  expect(fs.existsSync(aside(second))).toBe(true);
  fs.mkdirSync(place());
  fs.writeFileSync(nodePath.join(place(), 'server-cert.pem'), 'of my own');
  const store = openStore(directory);
  store.close();
  expect(store.repairs).not.toContain(expect.stringContaining('back in place'));
  expect(fs.readFileSync(nodePath.join(place(), 'server-cert.pem'), 'utf8')).toBe('of my own');
});

describe('killed after the commit', () => {
  test.each([
    { when: 'before a file was moved', isEmpty: false },
    { when: 'with nothing in place', isEmpty: true },
  ])('$when, is finished by the next command', ({ isEmpty }) => {
    publish(directory, first);
    publish(directory, second);
    reinstate(first);
    const after = treeOf(directory);
    // Back to where the kill would have left it, the last rename first.
    fs.renameSync(place(), aside(first));
    if (!isEmpty) fs.renameSync(aside(second), place());
    const reader = readStore(directory);
    expect(reader.current('server', 'node1')).toMatchObject({ serial: serialOf(first) });
    expect(reader.current('server', 'node1')?.directory).toBeUndefined();
    reader.close();
    const store = openStore(directory);
    store.close();
    expect(store.repairs).toEqual(['put the files of the server "node1" back in place']);
    expect(treeOf(directory)).toEqual(after);
  });
});
