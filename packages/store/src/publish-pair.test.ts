import { createPublicKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { layoutOf } from './layout.ts';
import type { LeafKind } from './layout.ts';
import { openStore } from './open-store.ts';
import { publishPair } from './publish-pair.ts';
import { Registry } from './registry.ts';
import { laidDown, makeTestCa, modeOf, pairFor, publish, treeOf, withStore } from './test-ca.support.ts';

const ca = makeTestCa();
let directory: string;

beforeEach(() => {
  directory = laidDown(ca);
});

function text(path: string): string {
  return fs.readFileSync(path, 'utf8');
}

/** Does the key beside it belong to the certificate? */
function isWhole(folder: string, [certificate, key] = ['cert.pem', 'key.pem']): boolean {
  const publicKey = createPublicKey(text(nodePath.join(folder, key)));
  return new X509Certificate(text(nodePath.join(folder, certificate))).publicKey.equals(publicKey);
}

describe('a new pair', () => {
  test('of a client is a ready DOCKER_CERT_PATH', () => {
    const request = pairFor(ca, 'client', 'alice');
    const pair = publish(directory, request);
    expect(pair.directory).toBe(nodePath.join(directory, 'clients', 'alice'));
    expect(fs.readdirSync(pair.directory).toSorted()).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(text(pair.files.ca)).toBe(ca.store.certificate.pem);
    expect(text(pair.files.certificate)).toBe(request.certificate.pem);
    expect(text(String(pair.files.key))).toBe(request.keyPem);
    expect(pair.setAside).toBeUndefined();
  });

  test("of a server has the names of the engine's files", () => {
    const { files } = publish(directory, pairFor(ca, 'server', '*.example.com'));
    const folder = nodePath.join(directory, 'servers', '_wildcard.example.com');
    expect(files).toEqual({
      ca: nodePath.join(folder, 'ca.pem'),
      certificate: nodePath.join(folder, 'server-cert.pem'),
      key: nodePath.join(folder, 'server-key.pem'),
    });
    expect(isWhole(folder, ['server-cert.pem', 'server-key.pem'])).toBe(true);
  });

  test('has the right modes under umask 000', () => {
    const before = process.umask(0);
    try {
      publish(directory, pairFor(ca, 'client', 'alice'));
    } finally {
      process.umask(before);
    }
    const modes = Object.fromEntries(
      ['clients/.staged', 'clients/alice', 'clients/alice/key.pem', 'clients/alice/cert.pem'].map((name) => [
        name,
        modeOf(nodePath.join(directory, name)),
      ]),
    );
    expect(modes).toEqual({
      'clients/.staged': '700',
      'clients/alice': '700',
      'clients/alice/key.pem': '600',
      'clients/alice/cert.pem': '644',
    });
  });

  test('leaves nothing staged and is on record', () => {
    const request = pairFor(ca, 'client', 'alice');
    publish(directory, request);
    expect(fs.readdirSync(nodePath.join(directory, 'clients', '.staged'))).toEqual([]);
    const entry = withStore(directory, (store) => store.current('client', 'alice'));
    expect(entry).toMatchObject({
      kind: 'client',
      name: 'alice',
      status: 'current',
      serial: request.certificate.info.serial,
      directory: nodePath.join(directory, 'clients', 'alice'),
    });
    expect(entry?.certificate().pem).toBe(request.certificate.pem);
  });

  test('whose key is elsewhere has none here', () => {
    const { files, directory: folder } = publish(directory, {
      ...pairFor(ca, 'client', 'alice'),
      keyPem: undefined,
    });
    expect(files.key).toBeUndefined();
    expect(fs.readdirSync(folder).toSorted()).toEqual(['ca.pem', 'cert.pem']);
  });

  test('may have the name of a pair of the other kind', () => {
    publish(directory, pairFor(ca, 'client', 'node1'));
    expect(publish(directory, pairFor(ca, 'server', 'node1')).setAside).toBeUndefined();
  });
});

describe('a name', () => {
  test.each<{ name: string; code: string; kind?: LeafKind; standing?: string; force?: boolean }>([
    { name: 'alice', code: 'STORE_NAME_TAKEN' },
    { name: 'Alice', code: 'STORE_NAME_COLLIDES' },
    { name: 'ALICE', code: 'STORE_NAME_COLLIDES', force: true },
    { name: 'zo\u00eb', standing: 'zoe\u0308', code: 'STORE_NAME_COLLIDES' },
    { name: '::1', kind: 'server', standing: '--1', code: 'STORE_NAME_COLLIDES' },
    { name: '../../etc', code: 'STORE_NAME_UNUSABLE' },
    { name: '.staged', code: 'STORE_NAME_UNUSABLE', force: true },
  ])('$name is refused with $code, and nothing changes', ({ name, code, force = false, ...rest }) => {
    const { kind = 'client', standing = 'alice' } = rest;
    publish(directory, pairFor(ca, kind, standing));
    const before = treeOf(directory);
    expect(() => publish(directory, { ...pairFor(ca, kind, name), force })).toThrow(
      expect.objectContaining({ code, hint: expect.any(String) }),
    );
    expect(treeOf(directory)).toEqual(before);
  });

  test('is taken by a folder that the registry does not know', () => {
    const folder = nodePath.join(directory, 'clients', 'alice');
    fs.mkdirSync(folder);
    expect(() => publish(directory, pairFor(ca, 'client', 'alice'))).toThrow(
      expect.objectContaining({ code: 'STORE_NAME_TAKEN' }),
    );
    fs.writeFileSync(nodePath.join(folder, 'key.pem'), 'precious');
    const { setAside } = publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(text(nodePath.join(String(setAside), 'key.pem'))).toBe('precious');
  });
});

describe('a pair that takes the place of another', () => {
  test('sets the whole old generation aside', () => {
    const first = pairFor(ca, 'client', 'alice');
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    publish(directory, first);
    const { setAside, directory: folder } = publish(directory, second);
    const { serial } = first.certificate.info;
    expect(setAside).toBe(nodePath.join(directory, 'clients', '.superseded', `alice-${serial}`));
    expect(isWhole(String(setAside))).toBe(true);
    expect(isWhole(folder)).toBe(true);
    expect(text(nodePath.join(String(setAside), 'key.pem'))).toBe(first.keyPem);
    const old = withStore(directory, (store) => store.find(serial))[0];
    expect(old).toMatchObject({
      status: 'replaced',
      replacedBy: second.certificate.info.serial,
      directory: setAside,
    });
  });

  test('is no trouble when the old files are gone', () => {
    const { directory: folder } = publish(directory, pairFor(ca, 'client', 'alice'));
    fs.rmSync(folder, { recursive: true });
    const { setAside } = publish(directory, { ...pairFor(ca, 'client', 'alice'), force: true });
    expect(setAside).toBeUndefined();
    expect(isWhole(folder)).toBe(true);
  });
});

class LateFailure extends Registry {
  override transact<T>(work: () => T): T {
    super.transact(work);
    throw new Error('the disk is gone');
  }
}

/** Cannot be read any more either. */
class Gone extends LateFailure {
  #isGone = false;

  override transact<T>(work: () => T): T {
    this.#isGone = true;
    return super.transact(work);
  }

  override all(...query: Parameters<Registry['all']>): ReturnType<Registry['all']> {
    if (this.#isGone) throw new Error('there is no disk');
    return super.all(...query);
  }
}

describe('when something goes wrong', () => {
  test('before the commit, nothing changes', () => {
    const request = pairFor(ca, 'client', 'alice');
    publish(directory, request);
    const before = treeOf(directory);
    const sameSerial = { ...pairFor(ca, 'client', 'bob'), certificate: request.certificate };
    expect(() => publish(directory, sameSerial)).toThrow(
      expect.objectContaining({ code: 'STORE_SERIAL_TAKEN' }),
    );
    const broken = { ...pairFor(ca, 'client', 'bob'), now: new Date(Number.NaN) };
    expect(() => publish(directory, broken)).toThrow(RangeError);
    expect(treeOf(directory)).toEqual(before);
    publish(directory, pairFor(ca, 'client', 'bob'));
  });

  test.each([
    ['right after the commit', LateFailure],
    ['right after the commit, and nobody knows whether that was done', Gone],
  ])('%s, the key is kept and the next opening puts the files in place', (_, Failing) => {
    const request = pairFor(ca, 'client', 'alice');
    const layout = layoutOf(directory);
    const registry = new Failing(layout.registry);
    registry.lock();
    expect(() => publishPair(layout, registry, request)).toThrow('the disk is gone');
    registry.close();
    expect(withStore(directory, (store) => store.repairs)).toHaveLength(1);
    const folder = nodePath.join(directory, 'clients', 'alice');
    expect(text(nodePath.join(folder, 'key.pem'))).toBe(request.keyPem);
    expect(isWhole(folder)).toBe(true);
  });

  test('after the commit, it says so and the next opening puts the files in place', () => {
    const first = pairFor(ca, 'client', 'alice');
    publish(directory, first);
    const { serial } = first.certificate.info;
    const obstacle = nodePath.join(directory, 'clients', '.superseded', `alice-${serial}`);
    fs.mkdirSync(nodePath.join(obstacle, 'in the way'), { recursive: true });
    const second = { ...pairFor(ca, 'client', 'alice'), force: true };
    expect(() => publish(directory, second)).toThrow(expect.objectContaining({ code: 'STORE_UNPUBLISHED' }));
    fs.rmSync(obstacle, { recursive: true });
    const store = openStore(directory);
    store.close();
    expect(store.repairs).toEqual(['put the files of the client "alice" in place']);
    const folder = nodePath.join(directory, 'clients', 'alice');
    expect(text(nodePath.join(folder, 'key.pem'))).toBe(second.keyPem);
    expect(isWhole(folder)).toBe(true);
  });
});
