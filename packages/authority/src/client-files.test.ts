import fs from 'node:fs';
import path from 'node:path';
import type { BundleFiles } from '@docker-mtls/bundle';
import { beforeEach, expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../testing/test-authority.ts';
import type { TestAuthority } from '../testing/test-authority.ts';
import { clientFiles } from './client-files.ts';
import { issuePair } from './issue-pair.ts';
import { renewCa } from './renew-ca.ts';
import { withSession } from './session.ts';

let ca: TestAuthority;

beforeEach(async () => {
  ca = await testAuthority();
  for (const name of ['alice', 'bob']) await ca.issue({ kind: 'client', name });
  await ca.issue({ kind: 'server', name: 'node1' });
});

const file = (name: string): string => path.join(ca.folder, 'ca/clients/alice', name);
const read = (name: string): string => fs.readFileSync(file(name), 'utf8');
const aDayLater = (): Date => new Date(NOW.getTime() + 86_400_000);
const alice = async (): Promise<BundleFiles> => clientFiles(await ca.current('client', 'alice'));

function copyHere(from: string, name: string): void {
  fs.copyFileSync(path.join(ca.folder, 'ca', from), file(name));
}

test('the files as they were published', async () => {
  expect(await alice()).toEqual({ ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem') });
});

test('without the key, where that is not here', async () => {
  fs.rmSync(file('key.pem'));
  expect(await alice()).toEqual({ ca: read('ca.pem'), certificate: read('cert.pem') });
});

test('an expired pair is a pair', async () => {
  await ca.issue({ kind: 'client', name: 'alice', lifetime: 60, force: true });
  expect(await alice()).toHaveProperty('key');
});

test('a pair that is older than the certificate of its renewed CA is a pair', async () => {
  await withSession({ ...ca.access, caller: { ...ca.access.caller, now: aDayLater } }, (session) =>
    renewCa(session),
  );
  expect(await alice()).toHaveProperty('key');
});

test("another client's pair is called that, however much later it was issued", async () => {
  const caller = { ...ca.access.caller, now: aDayLater };
  await withSession({ ...ca.access, caller }, (session) =>
    issuePair(session, { kind: 'client', name: 'carol', groups: [], sans: [], force: false }),
  );
  ['cert.pem', 'key.pem'].forEach((name) => copyHere(`clients/carol/${name}`, name));
  await expect(alice()).rejects.toThrow(/another certificate than was issued/);
});

test.each([
  ['another key', () => copyHere('clients/bob/key.pem', 'key.pem'), 'the key is not the one'],
  ['a key that is garbage', () => fs.writeFileSync(file('key.pem'), 'x'), 'the key cannot be used'],
  [
    "another client's pair",
    () => ['cert.pem', 'key.pem'].forEach((name) => copyHere(`clients/bob/${name}`, name)),
    'another certificate than was issued',
  ],
  [
    "a server's certificate",
    () => copyHere('servers/node1/server-cert.pem', 'cert.pem'),
    'no engine would accept',
  ],
  ['a certificate that is garbage', () => fs.writeFileSync(file('cert.pem'), 'x'), 'the certificate cannot'],
  ['a CA that is a client', () => copyHere('clients/bob/cert.pem', 'ca.pem'), 'no CA'],
])('%s is refused', async (_, spoil, says) => {
  spoil();
  await expect(alice()).rejects.toThrow(
    expect.objectContaining({
      code: 'PAIR_DAMAGED',
      message: expect.stringContaining(says),
      hint: expect.stringContaining('docker-mtls issue-client alice --force'),
    }),
  );
});

test('a folder that is gone is said to be gone, and nothing is read elsewhere', async () => {
  fs.rmSync(path.dirname(file('key.pem')), { recursive: true });
  await expect(alice()).rejects.toThrow(expect.objectContaining({ code: 'PAIR_MISSING' }));
});
