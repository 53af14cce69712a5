import fs from 'node:fs';
import path from 'node:path';
import { readCertificate } from '@docker-mtls/ca';
import { beforeEach, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCaWith } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
let ca: TestCa;
let rootBefore: Buffer;

beforeEach(async () => {
  ca = await makeTestCaWith({}, [
    ['issue-server', 'node1'],
    ['issue-client', 'alice'],
  ]);
  rootBefore = read('ca.pem');
});

function read(...names: readonly string[]): Buffer {
  return fs.readFileSync(path.join(ca.folder, 'ca', ...names));
}

async function after(days: number, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) };
  const { stdout, exitCode } = await main([...argv, '--json'], later);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

test('the CA has the name, the key and the lifetime of before, and later dates', async () => {
  const { info: before } = readCertificate(rootBefore);
  expect(await after(100, 'ca', 'renew')).toMatchObject({ exitCode: 0, replaces: before.serial });
  const { info } = readCertificate(read('ca.pem'));
  expect(info).toMatchObject({
    subject: before.subject,
    publicKey: before.publicKey,
    keyId: before.keyId,
    keyUsage: before.keyUsage,
    isCa: true,
    pathLength: 0,
    notBefore: new Date(before.notBefore.getTime() + 100 * DAY),
    notAfter: new Date(before.notAfter.getTime() + 100 * DAY),
  });
});

test('each pair has the new root beside the certificate and key of before, and the old root is on record', async () => {
  const pairBefore = ['cert.pem', 'key.pem'].map((name) => read('clients/alice', name).toString());
  await after(100, 'ca', 'renew', '--days', '30', '--allow-cut-off');
  for (const folder of ['clients/alice', 'servers/node1'])
    expect(read(folder, 'ca.pem')).toEqual(read('ca.pem'));
  expect(['cert.pem', 'key.pem'].map((name) => read('clients/alice', name).toString())).toEqual(pairBefore);
  const { certificates } = await after(100, 'list', '--all', '--kind', 'ca');
  expect(certificates).toMatchObject([{ status: 'current' }, { status: 'replaced' }]);
});

test('a CA that would end earlier, and before what it has issued, is refused with names', async () => {
  const refused = await after(0, 'ca', 'renew', '--days', '300');
  expect(refused).toMatchObject({
    exitCode: 1,
    error: {
      code: 'CA_ENDS_FIRST',
      message: expect.stringMatching(/before 2 certificates that it issued: server "node1" .*client "alice"/),
      hint: expect.stringContaining('--allow-cut-off'),
    },
  });
  expect(read('ca.pem')).toEqual(rootBefore);
  expect(await after(0, 'ca', 'renew', '--days', '400')).toMatchObject({ exitCode: 0 });
});

test('a CA that ends earlier than before is not said to keep all certificates valid', async () => {
  const { stdout } = await ca.run('ca', 'renew', '--days', '2', '--allow-cut-off');
  expect(stdout).toContain('it ends earlier now, and so does every certificate that it issued for longer');
  expect((await ca.run('ca', 'renew', '--days', '3')).stdout).toContain('all certificates stay valid');
});

test('a CA that has ended is back with one command, and its pairs with one more', async () => {
  expect(await after(4000, 'issue-client', 'bob')).toMatchObject({ error: { code: 'CA_EXPIRED' } });
  expect(await after(4000, 'ca', 'renew')).toMatchObject({ exitCode: 0 });
  expect(await after(4000, 'renew', '--all')).toMatchObject({
    exitCode: 0,
    renewed: [{ name: 'node1' }, { name: 'alice' }],
  });
});

test('a pair whose folder was removed stays removed', async () => {
  fs.rmSync(path.join(ca.folder, 'ca/clients/alice'), { recursive: true });
  expect(await after(1, 'ca', 'renew')).toMatchObject({ exitCode: 0 });
  expect(fs.existsSync(path.join(ca.folder, 'ca/clients/alice'))).toBe(false);
});

test('the revocation list goes on with the number of before, and its key', async () => {
  await after(1, 'ca', 'renew');
  expect(await after(2, 'revoke', 'alice', '--yes')).toMatchObject({ exitCode: 0, crl: { number: '2' } });
});
