import fs from 'node:fs';
import path from 'node:path';
import { createCertificationRequest, generateKeyPair, privateKeyToPem } from '@docker-mtls/ca';
import type { Certificate } from '@docker-mtls/ca';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(
    ['issue-server', 'node1', '--san', '10.0.0.5', '--days', '90'],
    ['issue-client', 'alice', '--group', 'ops', '--days', '30', '--key-type', 'ed25519'],
    ['issue-client', 'bob', '--days', '300'],
  );
});

async function after(days: number, ...argv: readonly string[]): Promise<Record<string, unknown>> {
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + days * DAY) };
  const { stdout, exitCode } = await main(asJson(argv), later);
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

/** What follows `--` is no option. */
function asJson(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? [...argv, '--json'] : argv.toSpliced(end, 0, '--json');
}

async function certificateOf(name: string): Promise<Certificate> {
  return (await ca.current(name === 'node1' ? 'server' : 'client', name)).certificate();
}

function lifetimeOf({ info: { notBefore, notAfter } }: Certificate): number {
  return notAfter.getTime() - notBefore.getTime();
}

test('a renewed pair has the names, groups, lifetime and kind of key of the one before, and another key', async () => {
  const before = [await certificateOf('node1'), await certificateOf('alice')];
  expect(await after(20, 'renew', 'node1', 'alice')).toMatchObject({
    exitCode: 0,
    renewed: [
      { kind: 'server', name: 'node1', replaces: before[0]?.info.serial },
      { kind: 'client', name: 'alice' },
    ],
    skipped: [],
  });
  for (const [index, name] of ['node1', 'alice'].entries()) {
    const { info } = await certificateOf(name);
    const old = before[index]?.info;
    expect(info).toMatchObject({ subject: old?.subject, sans: old?.sans, keyType: old?.keyType });
    expect(info.publicKey).not.toEqual(old?.publicKey);
    expect(lifetimeOf(await certificateOf(name))).toBe(before[index] && lifetimeOf(before[index]));
  }
});

test('--keep-key certifies the key that is there', async () => {
  const { publicKey, serial } = (await certificateOf('alice')).info;
  const file = path.join(ca.folder, 'ca/clients/alice/key.pem');
  const key = fs.readFileSync(file, 'utf8');
  expect(await after(20, 'renew', 'alice', '--keep-key')).toMatchObject({ exitCode: 0 });
  expect((await certificateOf('alice')).info.publicKey).toEqual(publicKey);
  expect((await certificateOf('alice')).info.serial).not.toBe(serial);
  expect(fs.readFileSync(file, 'utf8')).toBe(key);
});

test('--keep-key certifies no key that was put in the place of the own one', async () => {
  const { serial } = (await certificateOf('alice')).info;
  const file = path.join(ca.folder, 'ca/clients/alice/key.pem');
  fs.writeFileSync(file, privateKeyToPem(generateKeyPair('ec-p256')));
  expect(await after(20, 'renew', 'alice', '--keep-key')).toMatchObject({
    exitCode: 1,
    failed: [{ name: 'alice', code: 'PAIR_DAMAGED' }],
  });
  expect((await certificateOf('alice')).info.serial).toBe(serial);
  expect(await after(20, 'renew', 'alice')).toMatchObject({ exitCode: 0 });
});

test.each([
  { days: 5, words: ['--due'], names: [] },
  { days: 21, words: ['--due'], names: ['alice'] },
  { days: 70, words: ['--due'], names: ['node1', 'alice'] },
  { days: 70, words: ['--due', '--kind', 'client'], names: ['alice'] },
  { days: 0, words: ['--all'], names: ['node1', 'alice', 'bob'] },
])('after $days days, renew $words renews $names', async ({ days, words, names }) => {
  const { exitCode, renewed } = await after(days, 'renew', ...words);
  expect({ exitCode, names: (renewed as { name: string }[]).map(({ name }) => name) }).toEqual({
    exitCode: 0,
    names,
  });
});

test('--dry-run says the same and changes nothing', async () => {
  const { serial } = (await certificateOf('alice')).info;
  expect(await after(21, 'renew', '--due', '--dry-run')).toMatchObject({
    exitCode: 0,
    renewing: [{ kind: 'client', name: 'alice', serial }],
    skipped: [],
  });
  expect((await certificateOf('alice')).info.serial).toBe(serial);
});

test('what cannot be renewed is listed with the reason, and fails where it was named', async () => {
  const request = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'x' });
  fs.writeFileSync(path.join(ca.folder, 'x.csr'), request.pem);
  await after(0, 'issue-client', 'carol', '--csr', 'x.csr');
  await after(0, 'revoke', 'bob', '--yes');
  expect(await after(0, 'renew', '--all', '--kind', 'client')).toMatchObject({
    exitCode: 0,
    renewed: [{ name: 'alice' }],
    skipped: [{ kind: 'client', name: 'carol', reason: 'key-elsewhere' }],
  });
  expect(await after(0, 'renew', 'bob', 'carol')).toMatchObject({
    exitCode: 1,
    renewed: [],
    skipped: [
      { name: 'bob', reason: 'revoked' },
      { name: 'carol', reason: 'key-elsewhere' },
    ],
  });
});

test('a pair whose folder is gone gets a new key, but for --keep-key', async () => {
  fs.rmSync(path.join(ca.folder, 'ca/clients/alice'), { recursive: true });
  expect(await after(0, 'renew', 'alice', '--keep-key')).toMatchObject({
    exitCode: 1,
    skipped: [{ reason: 'key-elsewhere' }],
  });
  expect(await after(0, 'renew', 'alice')).toMatchObject({ exitCode: 0, renewed: [{ name: 'alice' }] });
  expect(fs.existsSync(path.join(ca.folder, 'ca/clients/alice/key.pem'))).toBe(true);
});

test('a pair that lasts as long as its CA is not renewed again and again', async () => {
  const { notAfter } = await ca.current('client', 'bob');
  const [root] = (await after(0, 'list', '--kind', 'ca'))['certificates'] as { notAfter: string }[];
  const end = Date.parse(root?.notAfter ?? '');
  const days = (end - NOW.getTime()) / DAY - 100;
  expect(notAfter.getTime()).toBeLessThan(end);
  expect(await after(days, 'renew', '--due')).toMatchObject({ exitCode: 0, skipped: [] });
  expect(await after(days + 90, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: expect.any(Array) });
  expect(await after(days + 91, 'renew', '--due')).toMatchObject({
    renewed: [],
    skipped: expect.arrayContaining([expect.objectContaining({ name: 'bob', reason: 'ca-ends-first' })]),
  });
  expect(await after(days + 101, 'renew', '--due')).toMatchObject({
    exitCode: 1,
    renewed: [],
    skipped: expect.arrayContaining([expect.objectContaining({ reason: 'ca-expired' })]),
  });
});

function breakServerProfile(): () => void {
  const file = path.join(ca.folder, 'ca/profiles/server.json');
  const text = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, '{}');
  return () => fs.writeFileSync(file, text);
}

describe('a renewal that fails', () => {
  test('keeps no other from being renewed, waits longer each time, and is tried at once by name', async () => {
    const repair = breakServerProfile();
    const { serial } = (await certificateOf('node1')).info;
    const failed = [{ kind: 'server', name: 'node1', code: 'CA_DIRECTORY_PROFILE_INVALID' }];
    const skipped = [
      {
        name: 'node1',
        reason: 'waiting',
        message: expect.stringMatching(/^it failed .*the next attempt is after/),
      },
    ];
    expect(await after(70, 'renew', '--due')).toMatchObject({
      exitCode: 1,
      renewed: [{ name: 'alice' }],
      failed,
    });
    expect(await after(70, 'renew', '--due')).toMatchObject({ exitCode: 1, failed: [], skipped });
    expect(await after(70 + 1 / 1440, 'renew', '--due')).toMatchObject({ failed });
    expect(await after(70 + 5 / 1440, 'renew', '--due')).toMatchObject({ failed: [], skipped });
    expect(await after(70 + 6 / 1440, 'renew', '--due')).toMatchObject({ failed });
    expect(await after(70 + 7 / 1440, 'renew', 'node1')).toMatchObject({ exitCode: 1, failed });
    repair();
    expect(await after(70 + 8 / 1440, 'renew', '--due')).toMatchObject({ renewed: [], skipped });
    expect(await after(70 + 8 / 1440, 'renew', 'node1')).toMatchObject({ exitCode: 0, failed: [] });
    expect((await certificateOf('node1')).info.serial).not.toBe(serial);
  });

  test('is tried once for each jump of the clock, and not in a loop', async () => {
    breakServerProfile();
    for (const days of [300, 70, 70 + 1 / 2880, 300, 300, 65]) await after(days, 'renew', '--due');
    const { skipped } = await after(65, 'renew', '--due');
    expect(skipped).toMatchObject([{ message: expect.stringContaining('it failed 4 times') }]);
  });
});

test('where the CA key cannot be read, every pair that is due has failed', async () => {
  const file = path.join(ca.folder, 'ca/private/ca-key.pem');
  const key = fs.readFileSync(file);
  fs.writeFileSync(file, 'no key');
  expect(await after(70, 'renew', '--due')).toMatchObject({ error: { code: 'CA_KEY_INVALID' } });
  fs.writeFileSync(file, key);
  expect(await after(70, 'renew', '--due')).toMatchObject({
    exitCode: 1,
    renewed: [],
    skipped: [{ name: 'node1' }, { name: 'alice' }],
  });
});

test('a certificate that a clock far ahead has issued is renewed once the clock is right', async () => {
  await after(500, 'renew', '--due');
  expect((await certificateOf('alice')).info.notBefore.getTime()).toBeGreaterThan(NOW.getTime());
  expect(await after(1, 'renew', '--due')).toMatchObject({ exitCode: 0, renewed: expect.any(Array) });
  for (const name of ['node1', 'alice', 'bob'])
    expect((await certificateOf(name)).info.notBefore.getTime()).toBeLessThan(NOW.getTime() + DAY);
  expect(await after(1, 'renew', '--due')).toMatchObject({ renewed: [], skipped: [] });
});

test('a key that was made elsewhere stays in use: its request is signed again', async () => {
  const request = createCertificationRequest(generateKeyPair('ec-p256'), { commonName: 'x' });
  fs.writeFileSync(path.join(ca.folder, 'x.csr'), request.pem);
  await after(0, 'issue-client', 'carol', '--csr', 'x.csr', '--group', 'dev');
  const { publicKey } = (await ca.current('client', 'carol')).certificate().info;
  expect(await after(9, 'renew', 'carol', '--csr', 'x.csr')).toMatchObject({ renewed: [{ name: 'carol' }] });
  const { info } = (await ca.current('client', 'carol')).certificate();
  expect(info.publicKey).toEqual(publicKey);
  expect(info.subject.organizationalUnits).toEqual(['dev']);
});

test.each([
  { words: [], code: 'USAGE', exitCode: 2 },
  { words: ['--due', '--csr', 'x.csr'], code: 'FILE_NOT_FOUND', exitCode: 1 },
  { words: ['alice', '--', ''], code: 'USAGE', exitCode: 2 },
  { words: ['alice', '--', 'no-such-program'], code: 'PROGRAM_NOT_RUN', exitCode: 1 },
  { words: ['alice', '--all'], code: 'USAGE', exitCode: 2 },
  { words: ['--due', '--all'], code: 'USAGE', exitCode: 2 },
  { words: ['alice', ''], code: 'USAGE', exitCode: 2 },
  { words: ['alice', 'nobody'], code: 'NOT_ISSUED', exitCode: 1 },
])('renew $words is refused, and nothing is renewed', async ({ words, code, exitCode }) => {
  const { serial } = (await certificateOf('alice')).info;
  expect(await after(0, 'renew', ...words)).toMatchObject({ exitCode, error: { code } });
  expect((await certificateOf('alice')).info.serial).toBe(serial);
});

test('of very many pairs, people are told of the first hundred and of how many there are', async () => {
  const names = Array.from({ length: 120 }, (_, index) => `robot${index}\n`);
  fs.writeFileSync(path.join(ca.folder, 'robots'), names.join(''));
  await ca.run('issue-client', '--names', 'robots', '--key-type', 'ed25519');
  const { stdout } = await ca.run('renew', '--all', '--kind', 'client');
  const lines = String(stdout).split('\n');
  expect(lines[0]).toBe('Renewed 122 pairs');
  expect(lines[101]).toBe('  and 22 more, as docker-mtls list shows');
  expect(await after(0, 'renew', '--all', '--kind', 'client')).toMatchObject({
    renewed: Array.from({ length: 122 }, () => expect.objectContaining({ kind: 'client' })),
  });
});
