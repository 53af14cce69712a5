import fs from 'node:fs';
import path from 'node:path';
import { readCrl } from '@docker-mtls/ca';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { describeNeeding } from '../../../../../test/support/describe-needing.ts';
import { alike, treeOf } from '../../../../../test/support/tree.ts';
import { NOW, typing } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-server', 'node1'], ['issue-client', 'alice'], ['issue-client', 'Åse']);
});

const at = (...names: readonly string[]): string => path.join(ca.folder, ...names);

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

const restored = ['ca', 'restore', 'b', '--ca-dir', 'restored'];
/** Of the first list after a restore at that moment. */
const AFTER_RESTORE = BigInt(NOW.getTime()) * 2n ** 20n + 1n;

test('a backup brings every file back, with its mode, and the CA goes on', async () => {
  await ca.run('issue-client', 'alice', '--force');
  expect(await answer('ca', 'backup', 'b', '--plaintext')).toMatchObject({ exitCode: 0, encrypted: false });
  expect(fs.statSync(at('b')).mode & 0o777).toBe(0o600);
  expect(await answer(...restored)).toMatchObject({ exitCode: 0, revoked: [] });
  const files = (folder: string): readonly string[] =>
    treeOf(at(folder))
      .map(alike)
      .filter((line) => /(?:pem|json|md)\b/u.test(line) && !line.includes('crl.pem'));
  const former = new Set(files('ca'));
  expect(files('restored').filter((line) => !former.has(line))).toEqual([]);
  for (const file of ['ca.pem', 'private/ca-key.pem', 'clients/alice/key.pem', 'clients/Åse/cert.pem'])
    expect(fs.readFileSync(at('restored', file))).toEqual(fs.readFileSync(at('ca', file)));
  expect(await answer('ca', 'check', '--ca-dir', 'restored')).toMatchObject({ exitCode: 0 });
  expect(await answer('issue-client', 'bob', '--ca-dir', 'restored')).toMatchObject({ exitCode: 0 });
  expect(await answer('ca', 'log', 'verify', '--ca-dir', 'restored')).toMatchObject({ verdict: 'intact' });
});

describeNeeding(['root'], 'a backup of root', () => {
  test('is not given to the user in whose folder it is made', async () => {
    fs.mkdirSync(at('theirs'));
    fs.chownSync(at('theirs'), 4242, 4242);
    expect(await answer('ca', 'backup', 'theirs/b', '--plaintext')).toMatchObject({ exitCode: 0 });
    expect(fs.statSync(at('theirs/b'))).toMatchObject({ uid: 0, gid: 0, mode: 0o100600 });
  });
});

test('who was revoked after the backup stays revoked by the newest list', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run('revoke', 'alice', '--yes', '--reason', 'keyCompromise');
  await ca.run('crl');
  const [revoked] = readCrl(fs.readFileSync(at('ca/crl.pem'))).revoked;
  expect(await answer(...restored, '--crl', 'ca/crl.pem')).toMatchObject({
    exitCode: 0,
    revoked: [revoked?.serial],
    lists: [{ number: String(AFTER_RESTORE) }],
    revocationsUnknownSince: null,
  });
  expect(readCrl(fs.readFileSync(at('restored/crl.pem')))).toMatchObject({
    number: AFTER_RESTORE,
    revoked: [revoked],
  });
  expect(fs.existsSync(at('restored/clients/alice'))).toBe(false);
  expect(await answer('ca', 'check', '--ca-dir', 'restored')).toMatchObject({ exitCode: 0 });
  const key = fs.readFileSync(at('restored/private/ca-key.pem'), 'utf8');
  expect(key).toContain('PRIVATE KEY');
});

test('a key that turned out to be known to others after the backup is not certified again', async () => {
  const request = ['issue-client', 'alice', '--csr', 'alice.csr'];
  await ca.run('request', 'alice');
  await ca.run(...request, '--force');
  await ca.run('revoke', 'alice', '--yes', '--reason', 'superseded');
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run('revoke', 'alice', '--yes', '--reason', 'keyCompromise');
  expect(await answer(...restored, '--crl', 'ca/crl.pem')).toMatchObject({ exitCode: 0 });
  const { revoked } = readCrl(fs.readFileSync(at('restored/crl.pem')));
  expect(revoked.map(({ reason }) => reason)).toEqual(revoked.map(() => 'keyCompromise'));
  expect(await answer(...request, '--ca-dir', 'restored')).toMatchObject({
    error: { code: 'CA_DIRECTORY_KEY_COMPROMISED' },
  });
});

test('without that list, the next one has a number that none before it had, and what is not known is stated', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run('revoke', 'alice', '--yes');
  const { lists, revocationsUnknownSince, exitCode } = await answer(...restored);
  expect(exitCode).toBe(0);
  expect(revocationsUnknownSince).toBe('2026-01-01T00:00:00.000Z');
  expect(lists).toMatchObject([{ number: String(AFTER_RESTORE) }]);
  const { stdout } = await ca.run('ca', 'restore', 'b', '--ca-dir', 'again');
  expect(stdout).toMatch(
    /revoke those clients again, or move this directory away and restore once more with --crl/u,
  );
});

test('a CA that is restored twice makes no two lists of one number', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run('ca', 'restore', 'b', '--ca-dir', 'first');
  for (const _ of [1, 2, 3]) await ca.run('crl', '--ca-dir', 'first');
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + 1) };
  expect(await main(restored, later)).toMatchObject({ exitCode: 0 });
  const [first, second] = ['first', 'restored'].map(
    (folder) => readCrl(fs.readFileSync(at(folder, 'crl.pem'))).number ?? 0n,
  );
  expect(Number(second) - Number(first)).toBeGreaterThan(0);
});

test('a list by a clock that was ahead does not tell all that was revoked', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  const ahead = { ...ca.io, now: () => new Date(NOW.getTime() + 86_400_000) };
  expect(await main(['crl'], ahead)).toMatchObject({ exitCode: 0 });
  expect(await answer(...restored, '--crl', 'ca/crl.pem')).toMatchObject({
    exitCode: 0,
    revocationsUnknownSince: NOW.toISOString(),
  });
});

test('keys that nothing encrypts leave the CA directory only on purpose', async () => {
  expect(await answer('ca', 'backup', 'b')).toMatchObject({
    exitCode: 1,
    error: { code: 'BACKUP_UNPROTECTED' },
  });
  expect(fs.existsSync(at('b'))).toBe(false);
  fs.writeFileSync(at('pass'), 'correct horse', { mode: 0o600 });
  await ca.run('init-ca', '--ca-dir', 'locked', '--passphrase-file', 'pass');
  expect(await answer('ca', 'backup', 'b', '--ca-dir', 'locked')).toMatchObject({ exitCode: 0 });
  await ca.run('issue-client', 'zoe', '--ca-dir', 'locked', '--passphrase-file', 'pass');
  expect(await answer('ca', 'backup', 'c', '--ca-dir', 'locked')).toMatchObject({
    error: { code: 'BACKUP_UNPROTECTED' },
  });
});

test('an encrypted backup opens with its passphrase alone, and an encrypted CA key asks for its own', async () => {
  fs.writeFileSync(at('pass'), 'of the key', { mode: 0o600 });
  fs.writeFileSync(at('lock'), 'of the backup', { mode: 0o600 });
  await ca.run('init-ca', '--ca-dir', 'locked', '--passphrase-file', 'pass');
  const lock = ['--bundle-passphrase-file', 'lock'];
  expect(await answer('ca', 'backup', 'b', '--ca-dir', 'locked', '--encrypt', ...lock)).toMatchObject({
    encrypted: true,
  });
  expect(fs.readFileSync(at('b'), 'latin1')).toMatch(/^age-encryption/u);
  expect(await answer(...restored, '--bundle-passphrase-file', 'pass')).toMatchObject({
    error: { code: 'BUNDLE_NOT_OPENED' },
  });
  expect(await answer(...restored, ...lock)).toMatchObject({ error: { code: 'PASSPHRASE_NEEDED' } });
  expect(await answer(...restored, ...lock, '--passphrase-file', 'lock')).toMatchObject({
    error: { code: 'CA_PASSPHRASE_WRONG' },
  });
  expect(fs.existsSync(at('restored'))).toBe(false);
  const { askSecret } = typing('of the backup', 'of the key');
  const { exitCode } = await main(restored, { ...ca.io, askSecret });
  expect(exitCode).toBe(0);
});

test('a restore never writes over what is there', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  expect(await answer('ca', 'restore', 'b')).toMatchObject({ error: { code: 'CA_DIRECTORY_EXISTS' } });
  fs.mkdirSync(at('restored'));
  fs.writeFileSync(at('restored/mine'), 'x');
  expect(await answer(...restored)).toMatchObject({ error: { code: 'CA_DIRECTORY_NOT_EMPTY' } });
  expect(fs.readdirSync(at('restored'))).toEqual(['mine']);
  expect(await answer('ca', 'backup', 'b', '--plaintext')).toMatchObject({ error: { code: 'OUT_EXISTS' } });
});

test('a list of another CA, and one that is older than the backup, are refused', async () => {
  const early = fs.readFileSync(at('ca/crl.pem'));
  fs.writeFileSync(at('early.pem'), early);
  await ca.run('revoke', 'alice', '--yes');
  await ca.run('ca', 'backup', 'b', '--plaintext');
  const other = await makeTestCa();
  fs.copyFileSync(path.join(other.folder, 'ca/crl.pem'), at('other.pem'));
  expect(await answer(...restored, '--crl', 'other.pem')).toMatchObject({ error: { code: 'LIST_NOT_OURS' } });
  expect(await answer(...restored, '--crl', 'early.pem')).toMatchObject({ error: { code: 'LIST_OLDER' } });
  expect(fs.existsSync(at('restored'))).toBe(false);
});

test('the key of another certificate is not backed up, and keeps no CA from being restored', async () => {
  const other = await makeTestCa(['issue-client', 'alice']);
  const exchange = (file: string): void =>
    fs.copyFileSync(path.join(other.folder, 'ca', file), at('ca', file));
  exchange('clients/alice/key.pem');
  expect(await answer('ca', 'backup', 'b', '--plaintext')).toMatchObject({ exitCode: 0 });
  expect(await answer(...restored)).toMatchObject({ exitCode: 0 });
  expect(fs.existsSync(at('restored/clients/alice/cert.pem'))).toBe(true);
  expect(fs.existsSync(at('restored/clients/alice/key.pem'))).toBe(false);
  exchange('private/ca-key.pem');
  expect(await answer('ca', 'backup', 'c', '--plaintext')).toMatchObject({
    exitCode: 1,
    error: { code: 'CA_PAIR_MISMATCH' },
  });
});

test('next to its own list, that of a later key is named and left out', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run('ca', 'rotate', 'prepare');
  await ca.run('ca', 'rotate', 'switch');
  await ca.run('revoke', 'alice', '--yes');
  const { exitCode, stdout } = await ca.run(...restored, '--crl', 'ca/crl.pem');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('1 certificate that was revoked since then stays revoked');
  expect(stdout).toContain('The list of "CN=docker-mtls CA G2" was not used');
  expect(readCrl(fs.readFileSync(at('restored/crl.pem'))).revoked).toHaveLength(1);
});

test('a restore that was killed before the registry was in place is begun again', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run(...restored);
  const work = `.restore.${'0'.repeat(32)}.0x0-1-1.partial`;
  fs.mkdirSync(at('restored', work), { mode: 0o700 });
  fs.utimesSync(at('restored', work), 0, 0);
  fs.rmSync(at('restored/registry.db'));
  fs.rmSync(at('restored/clients/alice'), { recursive: true });
  fs.rmSync(at('restored/registry.db-journal'), { force: true });
  expect(await answer('list', '--ca-dir', 'restored')).toMatchObject({
    error: { code: 'CA_DIRECTORY_NOT_FOUND', hint: 'run docker-mtls ca restore --ca-dir restored again' },
  });
  expect(await answer(...restored)).toMatchObject({ exitCode: 0 });
  expect(await answer('ca', 'check', '--ca-dir', 'restored')).toMatchObject({ exitCode: 0 });
});

test('a restore that was killed at its very end is finished by the next one', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  await ca.run(...restored);
  const work = at('restored', `.restore.${'0'.repeat(32)}.0x0-1-1.partial`);
  fs.mkdirSync(work, { mode: 0o700 });
  fs.utimesSync(work, 0, 0);
  expect(await answer(...restored)).toMatchObject({ error: { code: 'CA_DIRECTORY_EXISTS' } });
  expect(fs.existsSync(work)).toBe(false);
});

test('a restore that fails on the way leaves nothing that would stop the next one', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  const rename = fs.renameSync;
  const full = jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (String(to).endsWith('/ca.pem')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    rename(from, to);
  });
  expect(await answer(...restored)).toMatchObject({ error: { code: 'FILE_NO_SPACE' } });
  full.mockRestore();
  expect(fs.existsSync(at('restored'))).toBe(false);
  expect(await answer(...restored)).toMatchObject({ exitCode: 0 });
});

test('a CA directory that has lost its registry is never taken for a restore that was killed', async () => {
  await ca.run('ca', 'backup', 'b', '--plaintext');
  fs.rmSync(at('ca/registry.db'));
  fs.mkdirSync(at('ca', `.ca.pem.${'0'.repeat(32)}.0x0-1-1.partial`));
  expect(await answer('ca', 'restore', 'b')).toMatchObject({ error: { code: 'CA_DIRECTORY_NOT_EMPTY' } });
  expect(fs.existsSync(at('ca/private/ca-key.pem'))).toBe(true);
  expect(fs.existsSync(at('ca/clients/alice/key.pem'))).toBe(true);
});
