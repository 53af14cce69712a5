import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openStore, readStore } from './open-store.ts';
import { Registry } from './registry.ts';
import { laidDown, makeTestCa, pairFor, publish, treeOf } from './test-ca.support.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(() => {
  directory = laidDown(ca);
});

const inDirectory = (name: string): string => nodePath.join(directory, name);

function repairs(): readonly string[] {
  const store = openStore(directory);
  store.close();
  return store.repairs;
}

/** Where a reader says that a pair's files are. */
function directoryOf(kind: 'client' | 'server', name: string): string | undefined {
  const reader = readStore(directory);
  try {
    return reader.current(kind, name)?.directory;
  } finally {
    reader.close();
  }
}

/** Undoes the last rename of a publication, as if the command had been killed right before it. */
function unpublish(kind: 'client' | 'server', name: string, serial: string): string {
  const staged = inDirectory(`${kind}s/.staged/${serial}`);
  fs.renameSync(inDirectory(`${kind}s/${name}`), staged);
  return staged;
}

test('a directory in order is left as it is', () => {
  publish(directory, pairFor(ca, 'client', 'alice'));
  const before = treeOf(directory);
  expect(repairs()).toEqual([]);
  expect(treeOf(directory)).toEqual(before);
});

test('a file where the folder of clients belongs is a clear refusal', () => {
  fs.rmSync(inDirectory('clients'), { recursive: true });
  fs.writeFileSync(inDirectory('clients'), 'x');
  expect(repairs).toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }));
});

describe('a publication that was killed', () => {
  test.each([
    { name: 'with half a key', files: { 'key.pem': '-----BEGIN' } },
    { name: 'with all but the commit', files: { 'key.pem': 'key', 'ca.pem': 'ca', 'cert.pem': '\n\n\n' } },
    { name: 'with an empty folder', files: {} },
  ])('before the commit, $name, is cleared away', ({ files }) => {
    publish(directory, pairFor(ca, 'client', 'bob'));
    const before = treeOf(directory);
    const staged = inDirectory(`clients/.staged/${'ab'.repeat(16)}`);
    fs.mkdirSync(staged);
    for (const [name, content] of Object.entries(files))
      fs.writeFileSync(nodePath.join(staged, name), content);
    expect(repairs()).toEqual([expect.stringContaining('removed what was prepared for a client')]);
    expect(treeOf(directory)).toEqual(before);
  });

  test.each([
    { name: 'before the certificate was written', spoil: (path: string) => fs.writeFileSync(path, '\n\n') },
    {
      name: 'in the middle of the certificate',
      spoil: (path: string) => fs.writeFileSync(path, '-----BEGIN CERT\n\n\n\n\n'),
    },
    { name: 'after it', spoil: () => {} },
    { name: 'and then the file was lost', spoil: (path: string) => fs.rmSync(path) },
    { name: 'and then it grew', spoil: (path: string) => fs.appendFileSync(path, 'x'.repeat(9000)) },
  ])('after the commit, $name, is finished', ({ spoil }) => {
    const request = pairFor(ca, 'server', 'node1');
    publish(directory, request);
    const before = treeOf(directory);
    const staged = unpublish('server', 'node1', request.certificate.info.serial);
    spoil(nodePath.join(staged, 'server-cert.pem'));
    expect(repairs()).toEqual(['put the files of the server "node1" in place']);
    expect(treeOf(directory)).toEqual(before);
  });

  test.each(['before the old pair was moved aside', 'after it'])('with force, %s, is finished', (when) => {
    const first = pairFor(ca, 'client', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    publish(directory, first);
    const { setAside } = publish(directory, second);
    const before = treeOf(directory);
    unpublish('client', 'alice', second.certificate.info.serial);
    if (when !== 'after it') fs.renameSync(String(setAside), inDirectory('clients/alice'));
    expect(directoryOf('client', 'alice')).toBeUndefined();
    expect(repairs()).toEqual(['put the files of the client "alice" in place']);
    expect(treeOf(directory)).toEqual(before);
    expect(directoryOf('client', 'alice')).toBe(inDirectory('clients/alice'));
  });

  test('and replaced since does not come back into force', () => {
    const first = pairFor(ca, 'client', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    publish(directory, first);
    const { setAside } = publish(directory, second);
    const before = treeOf(directory);
    fs.renameSync(String(setAside), inDirectory(`clients/.staged/${first.certificate.info.serial}`));
    expect(repairs()).toEqual([expect.stringContaining('set the files of the client "alice" aside')]);
    expect(treeOf(directory)).toEqual(before);
  });
});

describe('files that are missing', () => {
  test('of several revocation lists, the newest is written', () => {
    const registry = new Registry(inDirectory('registry.db'));
    registry.run('INSERT INTO revocation_lists (pem, created_at) VALUES (?, ?)', 'the next list', '2026');
    registry.close();
    fs.rmSync(inDirectory('crl.pem'));
    expect(repairs()).toHaveLength(1);
    expect(fs.readFileSync(inDirectory('crl.pem'), 'utf8')).toBe('the next list');
  });

  test.each(['ca.pem', 'crl.pem', 'clients/alice/cert.pem', 'clients/alice/ca.pem'])(
    '%s is made again',
    (name) => {
      publish(directory, pairFor(ca, 'client', 'alice'));
      const before = treeOf(directory);
      fs.rmSync(inDirectory(name));
      expect(repairs()).toEqual([`wrote ${inDirectory(name)} again from the registry`]);
      expect(treeOf(directory)).toEqual(before);
    },
  );

  test.each(['clients/alice', 'clients/alice/key.pem', 'clients'])('%s is not: a key cannot be', (name) => {
    publish(directory, pairFor(ca, 'client', 'alice'));
    fs.rmSync(inDirectory(name), { recursive: true });
    const before = treeOf(directory);
    expect(repairs()).toEqual([]);
    expect(treeOf(directory)).toEqual(before);
    publish(directory, pairFor(ca, 'client', 'bob'));
  });
});
