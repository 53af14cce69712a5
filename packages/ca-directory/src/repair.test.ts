import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Connection } from '@docker-mtls/registry';
import { openStore, readStore } from './open-store.ts';
import {
  beginWork,
  filesOf,
  laidDown,
  makeTestCa,
  pairFor,
  publish,
  treeOf,
  unfinishedIn,
  unpublish,
  withStore,
} from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(async () => {
  directory = await laidDown(ca);
});

const inDirectory = (name: string): string => nodePath.join(directory, name);

async function repairs(): Promise<readonly string[]> {
  const store = await openStore(directory);
  await store.close();
  return store.repairs;
}

/** Where a reader says that a pair's files are. */
async function directoryOf(kind: 'client' | 'server', name: string): Promise<string | undefined> {
  const reader = await readStore(directory);
  try {
    return (await reader.current(kind, name))?.directory;
  } finally {
    await reader.close();
  }
}

test('a directory in order is left as it is', async () => {
  await publish(directory, pairFor(ca, 'client', 'alice'));
  const before = treeOf(directory);
  expect(await repairs()).toEqual([]);
  expect(treeOf(directory)).toEqual(before);
});

test('a file where the folder of clients belongs is a clear refusal', async () => {
  fs.rmSync(inDirectory('clients'), { recursive: true });
  fs.writeFileSync(inDirectory('clients'), 'x');
  await expect(publish(directory, pairFor(ca, 'client', 'alice'))).rejects.toThrow(
    expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
  );
});

describe('a publication that was killed', () => {
  test.each([
    { name: 'with half a key', files: { 'key.pem': '-----BEGIN' } },
    { name: 'with all but the commit', files: { 'key.pem': 'key', 'ca.pem': 'ca', 'cert.pem': '\n\n\n' } },
    { name: 'with an empty folder', files: {} },
  ])('before the commit, $name, is cleared away', async ({ files }) => {
    await publish(directory, pairFor(ca, 'client', 'bob'));
    const before = filesOf(directory);
    const serial = 'ab'.repeat(16);
    for (const name of ['bob', 'carol']) {
      const folder = inDirectory(`clients/${name}`);
      fs.mkdirSync(nodePath.join(folder, `.gen-${serial}`), { recursive: true });
      fs.symlinkSync(`.gen-${serial}`, nodePath.join(folder, `.next-${serial}`));
      for (const [file, content] of Object.entries(files))
        fs.writeFileSync(nodePath.join(folder, `.gen-${serial}`, file), content);
      beginWork(directory, { serial, kind: 'client', folder: name });
      expect(await repairs()).toEqual([expect.stringContaining('removed what was prepared for a client')]);
    }
    expect(filesOf(directory)).toEqual(before);
  });

  test('before its folder was made is cleared away, and the next one succeeds', async () => {
    const before = filesOf(directory);
    beginWork(directory, { serial: 'ab'.repeat(16), kind: 'client', folder: 'alice' });
    expect(await repairs()).toEqual([expect.stringContaining('removed what was prepared for a client')]);
    expect(unfinishedIn(directory)).toEqual([]);
    expect(filesOf(directory)).toEqual(before);
    await publish(directory, pairFor(ca, 'client', 'alice'));
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
  ])('after the commit, $name, is finished', async ({ spoil }) => {
    const request = pairFor(ca, 'server', 'node1');
    await publish(directory, request);
    const before = filesOf(directory);
    const { serial } = request.certificate.info;
    const staged = unpublish(directory, { kind: 'server', name: 'node1', serial });
    spoil(nodePath.join(staged, 'server-cert.pem'));
    expect(await directoryOf('server', 'node1')).toBeUndefined();
    expect(await repairs()).toEqual(['put the files of the server "node1" in place']);
    expect(filesOf(directory)).toEqual(before);
  });

  test('with force, is finished, and until then the old pair is in place', async () => {
    const first = pairFor(ca, 'client', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    await publish(directory, first);
    await publish(directory, second);
    const before = filesOf(directory);
    const [former, serial] = [first, second].map(({ certificate }) => certificate.info.serial);
    unpublish(directory, { kind: 'client', name: 'alice', serial: String(serial), former: String(former) });
    expect(await directoryOf('client', 'alice')).toBeUndefined();
    expect(fs.readFileSync(inDirectory('clients/alice/key.pem'), 'utf8')).toBe(first.keyPem);
    expect(await repairs()).toEqual(['put the files of the client "alice" in place']);
    expect(filesOf(directory)).toEqual(before);
    expect(await directoryOf('client', 'alice')).toBe(inDirectory('clients/alice'));
  });

  test('after its last step is found to be finished', async () => {
    const request = pairFor(ca, 'client', 'alice');
    await publish(directory, request);
    const before = filesOf(directory);
    beginWork(directory, { serial: request.certificate.info.serial, kind: 'client', folder: 'alice' });
    expect(await repairs()).toEqual([]);
    expect(filesOf(directory)).toEqual(before);
    expect(unfinishedIn(directory)).toEqual([]);
  });
});

describe('files that are missing', () => {
  test('of several CAs, the revocation list of each is written, that of the newest first', async () => {
    const registry = new Connection(inDirectory('registry.db'));
    const before = fs.readFileSync(inDirectory('crl.pem'), 'utf8');
    registry.run('INSERT INTO revocation_lists (pem, created_at) VALUES (?, ?)', 'the next list', '2026');
    registry.close();
    fs.rmSync(inDirectory('crl.pem'));
    expect(await repairs()).toHaveLength(1);
    expect(fs.readFileSync(inDirectory('crl.pem'), 'utf8')).toBe(`the next list${before}`);
  });

  test.each(['ca.pem', 'crl.pem'])('%s is written again', async (name) => {
    const before = treeOf(directory);
    fs.rmSync(inDirectory(name));
    expect(await repairs()).toEqual([`wrote ${inDirectory(name)} again from the registry`]);
    expect(treeOf(directory)).toEqual(before);
  });

  test.each(['cert.pem', 'ca.pem', '.current/cert.pem', '.current/ca.pem'])(
    '%s of a pair is written again when that pair is asked for',
    async (name) => {
      const request = pairFor(ca, 'client', 'alice');
      await publish(directory, request);
      const before = filesOf(directory);
      fs.rmSync(inDirectory(`clients/alice/${name}`));
      expect(await directoryOf('client', 'alice')).toBeUndefined();
      const { serial } = request.certificate.info;
      expect(await withStore(directory, (store) => store.repairPair(serial))).toBe(true);
      expect(filesOf(directory)).toEqual(before);
    },
  );

  test.each(['clients/alice', 'clients/alice/key.pem', 'clients'])(
    '%s is not: a key cannot be',
    async (name) => {
      await publish(directory, pairFor(ca, 'client', 'alice'));
      fs.rmSync(inDirectory(name), { recursive: true });
      const before = treeOf(directory);
      expect(await repairs()).toEqual([]);
      expect(treeOf(directory)).toEqual(before);
      await publish(directory, pairFor(ca, 'client', 'bob'));
    },
  );
});
