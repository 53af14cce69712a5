import { createPublicKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openSqliteRegistry } from '@docker-mtls/registry';
import type { Registry } from '@docker-mtls/registry';
import type { LeafKind } from '@docker-mtls/registry';
import { layoutOf } from './layout.ts';
import { openStore, readStore } from './open-store.ts';
import { publishPair } from './publish-pair.ts';
import {
  filesOf,
  laidDown,
  makeTestCa,
  modeOf,
  pairFor,
  publish,
  treeOf,
  unfinishedIn,
  withStore,
} from '../testing/test-ca.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(async () => {
  directory = await laidDown(ca);
});

function text(path: string): string {
  return fs.readFileSync(path, 'utf8');
}

function visibleIn(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
}

/** Does the key beside it belong to the certificate? */
function isWhole(folder: string, [certificate, key] = ['cert.pem', 'key.pem']): boolean {
  const publicKey = createPublicKey(text(nodePath.join(folder, key)));
  return new X509Certificate(text(nodePath.join(folder, certificate))).publicKey.equals(publicKey);
}

test('a key that is that of the CA itself is not certified', async () => {
  const { publicKey } = ca.store.certificate.info;
  await expect(publish(directory, pairFor(ca, 'client', 'alice', publicKey))).rejects.toThrow(
    expect.objectContaining({ code: 'CA_DIRECTORY_KEY_OF_CA' }),
  );
  expect(fs.existsSync(nodePath.join(directory, 'clients', 'alice'))).toBe(false);
});

describe('a new pair', () => {
  test('of a client is a ready DOCKER_CERT_PATH', async () => {
    const request = pairFor(ca, 'client', 'alice');
    const pair = await publish(directory, request);
    expect(pair.directory).toBe(nodePath.join(directory, 'clients', 'alice'));
    expect(visibleIn(pair.directory)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(text(pair.files.ca)).toBe(ca.store.certificate.pem);
    expect(text(pair.files.certificate)).toBe(request.certificate.pem);
    expect(text(String(pair.files.key))).toBe(request.keyPem);
    expect(pair.setAside).toBeUndefined();
  });

  test("of a server has the names of the engine's files", async () => {
    const { files } = await publish(directory, pairFor(ca, 'server', '*.example.com'));
    const folder = nodePath.join(directory, 'servers', '_wildcard.example.com');
    expect(files).toEqual({
      ca: nodePath.join(folder, 'ca.pem'),
      certificate: nodePath.join(folder, 'server-cert.pem'),
      key: nodePath.join(folder, 'server-key.pem'),
    });
    expect(isWhole(folder, ['server-cert.pem', 'server-key.pem'])).toBe(true);
  });

  test('has the right modes under umask 000', async () => {
    const before = process.umask(0);
    try {
      await publish(directory, pairFor(ca, 'client', 'alice'));
    } finally {
      process.umask(before);
    }
    const modes = Object.fromEntries(
      ['clients/alice', 'clients/alice/.current', 'clients/alice/key.pem', 'clients/alice/cert.pem'].map(
        (name) => [name, modeOf(nodePath.join(directory, name))],
      ),
    );
    expect(modes).toEqual({
      'clients/alice': '700',
      'clients/alice/.current': '700',
      'clients/alice/key.pem': '600',
      'clients/alice/cert.pem': '644',
    });
  });

  test('leaves nothing unfinished and is on record', async () => {
    const request = pairFor(ca, 'client', 'alice');
    const { directory: folder } = await publish(directory, request);
    const { serial } = request.certificate.info;
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([
      '.current',
      `.gen-${serial}`,
    ]);
    expect(unfinishedIn(directory)).toEqual([]);
    const entry = await withStore(directory, (store) => store.current('client', 'alice'));
    expect(entry).toMatchObject({
      kind: 'client',
      name: 'alice',
      status: 'current',
      serial: request.certificate.info.serial,
      directory: nodePath.join(directory, 'clients', 'alice'),
    });
    expect(entry?.certificate().pem).toBe(request.certificate.pem);
  });

  test('whose key is elsewhere has none here', async () => {
    const { files, directory: folder } = await publish(directory, {
      ...pairFor(ca, 'client', 'alice'),
      keyPem: undefined,
    });
    expect(files.key).toBeUndefined();
    expect(visibleIn(folder)).toEqual(['ca.pem', 'cert.pem']);
  });

  test('may have the name of a pair of the other kind', async () => {
    await publish(directory, pairFor(ca, 'client', 'node1'));
    expect((await publish(directory, pairFor(ca, 'server', 'node1'))).setAside).toBeUndefined();
  });
});

describe('a name', () => {
  test.each<{ name: string; code: string; kind?: LeafKind; standing?: string; force?: boolean }>([
    { name: 'alice', code: 'CA_DIRECTORY_NAME_TAKEN' },
    { name: 'Alice', code: 'CA_DIRECTORY_NAME_COLLIDES' },
    { name: 'ALICE', code: 'CA_DIRECTORY_NAME_COLLIDES', force: true },
    { name: 'zo\u00eb', standing: 'zoe\u0308', code: 'CA_DIRECTORY_NAME_COLLIDES' },
    { name: '::1', kind: 'server', standing: '--1', code: 'CA_DIRECTORY_NAME_COLLIDES' },
    { name: '../../etc', code: 'CA_DIRECTORY_NAME_UNUSABLE' },
    { name: '.staged', code: 'CA_DIRECTORY_NAME_UNUSABLE', force: true },
  ])('$name is refused with $code, and nothing changes', async ({ name, code, force = false, ...rest }) => {
    const { kind = 'client', standing = 'alice' } = rest;
    await publish(directory, pairFor(ca, kind, standing));
    const before = treeOf(directory);
    await expect(publish(directory, { ...pairFor(ca, kind, name), force })).rejects.toThrow(
      expect.objectContaining({ code, hint: expect.any(String) }),
    );
    expect(treeOf(directory)).toEqual(before);
  });

  test('is taken by a folder that the registry does not know', async () => {
    const folder = nodePath.join(directory, 'clients', 'alice');
    fs.mkdirSync(folder);
    await expect(publish(directory, pairFor(ca, 'client', 'alice'))).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_NAME_TAKEN' }),
    );
    fs.writeFileSync(nodePath.join(folder, 'key.pem'), 'precious');
    const { setAside } = await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(text(nodePath.join(String(setAside), 'key.pem'))).toBe('precious');
  });
});

describe('a pair that replaces another', () => {
  test('is put in force by one link, and the old files stay', async () => {
    const first = pairFor(ca, 'client', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    await publish(directory, first);
    const { setAside, directory: folder } = await publish(directory, second);
    const { serial } = first.certificate.info;
    expect(setAside).toBe(nodePath.join(directory, 'clients', 'alice', `.gen-${serial}`));
    expect(isWhole(String(setAside))).toBe(true);
    expect(isWhole(folder)).toBe(true);
    expect(text(nodePath.join(String(setAside), 'key.pem'))).toBe(first.keyPem);
    expect(fs.readlinkSync(nodePath.join(folder, '.current'))).toBe(`.gen-${second.certificate.info.serial}`);
    const old = (await withStore(directory, (store) => store.find(serial)))[0];
    expect(old).toMatchObject({ status: 'replaced', replacedBy: second.certificate.info.serial });
    expect(old?.directory).toBe(setAside);
  });

  test('replaces the one before it too: there are never more than two keys', async () => {
    const requests = [0, 1, 2, 3].map(() => ({ ...pairFor(ca, 'client', 'alice'), force: true }));
    for (const request of requests) await publish(directory, request);
    const folder = nodePath.join(directory, 'clients', 'alice');
    const kept = requests.slice(-2).map(({ certificate }) => `.gen-${certificate.info.serial}`);
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('.gen-'))).toEqual(kept.toSorted());
  });

  test('keeps the folder: what has mounted it sees the new files', async () => {
    const { directory: folder } = await publish(directory, pairFor(ca, 'client', 'alice'));
    const { ino } = fs.statSync(folder);
    await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(fs.statSync(folder).ino).toBe(ino);
  });

  test('whose key is elsewhere leaves no key at the path of the old one', async () => {
    await publish(directory, pairFor(ca, 'client', 'alice'));
    const { directory: folder } = await publish(directory, {
      ...pairFor(ca, 'client', 'alice'),
      keyPem: undefined,
      force: true,
    });
    expect(visibleIn(folder)).toEqual(['ca.pem', 'cert.pem']);
  });

  test('is read as it was issued by a reader that has looked it up before it was replaced', async () => {
    const first = pairFor(ca, 'client', 'alice');
    await publish(directory, first);
    const reader = await readStore(directory);
    const entry = await reader.current('client', 'alice');
    await reader.close();
    await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(entry?.directory).toBe(nodePath.join(directory, 'clients', 'alice'));
    expect(entry?.read().key?.toString()).toBe(first.keyPem);
    expect(entry?.read().certificate.toString()).toBe(first.certificate.pem);
    await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(() => entry?.read()).toThrow(expect.objectContaining({ code: 'CA_DIRECTORY_FILES_MISSING' }));
  });

  test('is no trouble when the old files are gone', async () => {
    const { directory: folder } = await publish(directory, pairFor(ca, 'client', 'alice'));
    fs.rmSync(folder, { recursive: true });
    const { setAside } = await publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(setAside).toBeUndefined();
    expect(isWhole(folder)).toBe(true);
  });
});

/** Does something after each change, once that is committed. */
function after(path: string, then: (changes: number) => void): Registry {
  const registry = openSqliteRegistry(path);
  let changes = 0;
  return {
    ...registry,
    transact: async (work) => {
      const result = await registry.transact(work);
      changes += 1;
      then(changes);
      return result;
    },
  };
}

/** Its second change, which records the certificates, succeeds and is reported as a failure. */
function lateFailure(path: string): Registry {
  return after(path, (changes) => {
    if (changes > 1) throw new Error('the disk is gone');
  });
}

/** Cannot be read any more either. */
function gone(path: string): Registry {
  let isGone = false;
  const registry = after(path, (changes) => {
    isGone ||= changes > 1;
    if (isGone) throw new Error('the disk is gone');
  });
  return {
    ...registry,
    certificate: async (serial) => {
      if (isGone) throw new Error('there is no disk');
      return registry.certificate(serial);
    },
  };
}

describe('when something goes wrong', () => {
  test('before the commit, nothing changes', async () => {
    const request = pairFor(ca, 'client', 'alice');
    await publish(directory, request);
    const before = filesOf(directory);
    const sameSerial = { ...pairFor(ca, 'client', 'bob'), certificate: request.certificate };
    await expect(publish(directory, sameSerial)).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_SERIAL_TAKEN' }),
    );
    const broken = { ...pairFor(ca, 'client', 'bob'), now: new Date(Number.NaN) };
    await expect(publish(directory, broken)).rejects.toThrow(RangeError);
    expect(filesOf(directory)).toEqual(before);
    expect(unfinishedIn(directory)).toEqual([]);
    await publish(directory, pairFor(ca, 'client', 'bob'));
  });

  test.each([
    ['right after the commit', lateFailure],
    ['right after the commit, and nobody knows whether that was done', gone],
  ])('%s, the key is kept and the next opening puts the files in place', async (_, failing) => {
    const request = pairFor(ca, 'client', 'alice');
    const layout = layoutOf(directory);
    const registry = failing(layout.registry);
    await registry.lock();
    await expect(publishPair(layout, registry, request)).rejects.toThrow('the disk is gone');
    await registry.close();
    expect(await withStore(directory, (store) => store.repairs)).toHaveLength(1);
    const folder = nodePath.join(directory, 'clients', 'alice');
    expect(text(nodePath.join(folder, 'key.pem'))).toBe(request.keyPem);
    expect(isWhole(folder)).toBe(true);
  });

  test('after the commit, it says so and the next opening puts the files in place', async () => {
    await publish(directory, pairFor(ca, 'client', 'alice'));
    const folder = nodePath.join(directory, 'clients', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    // A rename cannot replace a folder by a link.
    const obstacle = nodePath.join(folder, '.current');
    const registry = after(layoutOf(directory).registry, () => {
      if (!fs.existsSync(nodePath.join(folder, `.gen-${second.certificate.info.serial}`))) return;
      fs.rmSync(obstacle, { force: true });
      fs.mkdirSync(obstacle, { recursive: true });
    });
    await registry.lock();
    await expect(publishPair(layoutOf(directory), registry, second)).rejects.toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_UNPUBLISHED' }),
    );
    await registry.close();
    fs.rmdirSync(obstacle);
    const store = await openStore(directory);
    await store.close();
    expect(store.repairs).toEqual(['put the files of the client "alice" in place']);
    expect(text(nodePath.join(folder, 'key.pem'))).toBe(second.keyPem);
    expect(isWhole(folder)).toBe(true);
  });
});
