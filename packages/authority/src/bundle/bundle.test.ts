import fs from 'node:fs';
import path from 'node:path';
import { parseEngineHost } from '@docker-mtls/bundle';
import { openBundle } from '@docker-mtls/bundle/open';
import { createCertificationRequest, generateKeyPair, parseClientName } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../../testing/test-authority.ts';
import type { TestAuthority } from '../../testing/test-authority.ts';
import { bundleClient, bundleClients, refreshBundles, writeClientBundles } from './index.ts';
import type { OneBundleOrder, PackedBundle, PackedClient, WrittenBundle } from './index.ts';

const [NODE1, NODE2] = ['node1', 'node2'].map(parseEngineHost);
if (NODE1 === undefined || NODE2 === undefined) throw new Error('two engines');

const ORDER: OneBundleOrder = {
  name: 'alice',
  form: 'folder',
  format: 'tar.gz',
  hosts: [NODE1],
  recipients: [],
  force: false,
  issue: false,
  request: undefined,
  passphrase: undefined,
};

let ca: TestAuthority;
beforeEach(async () => {
  ca = await testAuthority();
  await ca.issue({ kind: 'client', name: 'alice' });
});

function pack(order: Partial<OneBundleOrder>): Promise<PackedBundle> {
  return ca.use((session) => bundleClient(session, { ...ORDER, ...order }));
}

function write(order: Partial<OneBundleOrder> = {}): Promise<readonly WrittenBundle[]> {
  return ca.use(async (session) => {
    const packed = await bundleClient(session, { ...ORDER, ...order });
    return writeClientBundles(session, packed, { ...ORDER, ...order, target: { folder: ca.folder } });
  });
}

function packList(...names: readonly string[]): Promise<readonly PackedClient[]> {
  const clients = names.map((name, index) => ({ line: index + 1, name: parseClientName(name), groups: [] }));
  const order = { ...ORDER, issue: true, folder: path.join(ca.folder, 'out') };
  return ca.use((session) => bundleClients(session, order, { list: 'people', clients }));
}

describe('the bundle of a client', () => {
  test.each(['context', 'flat', 'folder', 'pwd'] as const)(
    'of form %s opens as what was issued',
    async (form) => {
      const { archives, withKey, client } = await pack({ form });
      const opened = openBundle(archives[0]?.data ?? Buffer.alloc(0), { now: NOW });
      expect(withKey).toBe(true);
      expect(opened).toMatchObject({ client: 'alice', layout: form });
      expect(opened.certificate.info.serial).toBe(client.serial);
    },
  );

  test('is locked with a passphrase that is asked for once', async () => {
    let asked = 0;
    const passphrase = async (): Promise<string> => `${(asked += 1)} correct horse`;
    const { archives } = await pack({ passphrase });
    expect({ asked, names: archives.map(({ name }) => name) }).toEqual({
      asked: 1,
      names: ['alice.tar.gz.age'],
    });
  });

  test('takes the place of an earlier one, unless that is for an engine that it is not for', async () => {
    const file = path.join(ca.folder, 'alice.tar.gz');
    expect(await write()).toEqual([{ file, bytes: expect.any(Number), written: true }]);
    expect(await write()).toMatchObject([{ written: false }]);
    expect(await write({ hosts: [NODE1, NODE2] })).toMatchObject([{ written: true }]);
    await expect(write()).rejects.toMatchObject({ code: 'BUNDLE_EXISTS' });
    expect(await write({ force: true })).toMatchObject([{ written: true }]);
  });

  test('of nobody is refused, or a pair is issued first', async () => {
    await expect(pack({ name: 'bob' })).rejects.toMatchObject({ code: 'NOT_ISSUED' });
    expect(await pack({ name: 'bob', issue: true })).toMatchObject({ client: { name: 'bob' } });
  });

  test('for a request has certificates alone, and is for its key', async () => {
    const { der } = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'bob' });
    await ca.issue({ kind: 'client', name: 'bob', csr: der });
    expect(await pack({ name: 'bob', request: der })).toMatchObject({ withKey: false });
    await expect(pack({ request: der })).rejects.toMatchObject({ code: 'REQUEST_OF_OTHER' });
    await expect(pack({ name: 'bob', form: 'context' })).rejects.toMatchObject({
      code: 'BUNDLE_KEY_ELSEWHERE',
    });
  });
});

function outcomes(packed: readonly PackedClient[]): unknown {
  return packed.map(({ name, issued, written }) => ({ name, issued, written }));
}

test('a list of clients gets a bundle each, and a second run writes none', async () => {
  expect(outcomes(await packList('alice', 'bob'))).toEqual([
    { name: 'alice', issued: false, written: true },
    { name: 'bob', issued: true, written: true },
  ]);
  expect(outcomes(await packList('alice', 'bob'))).toEqual([
    { name: 'alice', issued: false, written: false },
    { name: 'bob', issued: false, written: false },
  ]);
  expect(fs.readdirSync(path.join(ca.folder, 'out')).toSorted()).toEqual(['alice.tar.gz', 'bob.tar.gz']);
});

test('the bundle of a client who was issued another pair is packed again, where nobody else can write', async () => {
  await write();
  await ca.issue({ kind: 'client', name: 'alice', force: true });
  const { serial } = await ca.current('client', 'alice');
  const file = path.join(ca.folder, 'alice.tar.gz');
  const refresh = (): Promise<unknown> =>
    ca.use((session) =>
      refreshBundles(session, { clients: ['alice'], folders: [ca.folder], cwd: ca.folder }),
    );
  const dependent = { kind: 'bundle', place: file, client: 'alice' };
  fs.chmodSync(ca.folder, 0o777);
  expect(await refresh()).toEqual([
    { ...dependent, refreshed: false, next: 'docker-mtls bundle alice --for HOST' },
  ]);
  fs.chmodSync(ca.folder, 0o700);
  expect(await refresh()).toEqual([{ ...dependent, refreshed: true }]);
  expect(openBundle(fs.readFileSync(file), { now: NOW }).certificate.info.serial).toBe(serial);
});
