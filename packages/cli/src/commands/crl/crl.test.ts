import fs from 'node:fs';
import path from 'node:path';
import { readCrl } from '@docker-mtls/ca';
import { beforeEach, expect, test } from '@jest/globals';
import { NOW } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

const DAY = 86_400_000;
let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
});

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

function read(name: string): Buffer {
  return fs.readFileSync(path.join(ca.folder, name));
}

test.each([
  [[], 30],
  [['--days', '7'], 7],
])('crl %j makes a list that is good for %i days', async (words, days) => {
  const nextUpdate = new Date(NOW.getTime() + days * DAY);
  expect(await answer('crl', ...words)).toEqual({
    exitCode: 0,
    file: path.join(ca.folder, 'ca/crl.pem'),
    issuer: expect.stringMatching(/^[0-9a-f]{40}$/u),
    number: '2',
    thisUpdate: NOW.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
  });
  expect(readCrl(read('ca/crl.pem'))).toMatchObject({ number: 2n, nextUpdate });
});

test.each([
  { words: [], shape: /^-----BEGIN X509 CRL-----\n/u },
  { words: ['--der'], shape: /^0\u0081/u },
])('crl -o writes a file that all may read: $words', async ({ words, shape }) => {
  fs.writeFileSync(path.join(ca.folder, 'old.crl'), read('ca/crl.pem'), { mode: 0o600 });
  expect(await answer('crl', '-o', 'old.crl', ...words)).toMatchObject({ exitCode: 0, number: '2' });
  expect(read('old.crl').toString('latin1')).toMatch(shape);
  expect(readCrl(read('old.crl'))).toEqual(readCrl(read('ca/crl.pem')));
  expect(fs.statSync(path.join(ca.folder, 'old.crl')).mode & 0o777).toBe(0o644);
});

test('crl -o - writes to stdout', async () => {
  const { stdout } = await ca.run('crl', '-o', '-', '--der');
  expect(readCrl(Buffer.from(stdout as Uint8Array)).number).toBe(2n);
});

test.each([
  { words: ['-o', 'ca/ca.pem'], exitCode: 1, code: 'OUT_EXISTS' },
  { words: ['-o', 'ca/crl.pem', '--der'], exitCode: 1, code: 'OUT_EXISTS' },
  { words: ['--der'], exitCode: 2, code: 'USAGE' },
  { words: ['-o', '-'], exitCode: 2, code: 'USAGE' },
  { words: ['--days', '0'], exitCode: 1, code: 'CA_LIFETIME_INVALID' },
])('crl $words is refused, and no list is made', async ({ words, exitCode, code }) => {
  expect(await answer('crl', ...words)).toMatchObject({ exitCode, error: { code } });
  expect(readCrl(read('ca/crl.pem')).number).toBe(1n);
});

test('a clock that is behind the newest list is warned of, and its number rises all the same', async () => {
  const notes: string[] = [];
  const earlier = new Date(NOW.getTime() - 60_000);
  const { exitCode } = await main(['crl'], {
    ...ca.io,
    now: () => earlier,
    note: (line) => void notes.push(line),
  });
  expect({ exitCode, notes }).toEqual({
    exitCode: 0,
    notes: [expect.stringMatching(/^warning: the newest revocation list is of 2026-01-01T00:00:00/u)],
  });
  expect(readCrl(read('ca/crl.pem'))).toMatchObject({ number: 2n, thisUpdate: earlier });
});

test('crl show explains the list of the CA, and says when programs refuse it', async () => {
  await ca.run('revoke', 'alice', '--yes');
  const { serial } = readCrl(read('ca/crl.pem')).revoked[0] ?? {};
  expect(await answer('crl', 'show')).toMatchObject({
    exitCode: 0,
    number: '2',
    stale: false,
    revoked: [{ serial, kind: 'client', name: 'alice', revokedAt: NOW.toISOString() }],
  });
  const later = { ...ca.io, now: () => new Date(NOW.getTime() + 31 * DAY) };
  expect((await main(['crl', 'show'], later)).stdout).toMatch(/programs refuse this list now/u);
  const earlier = { ...ca.io, now: () => new Date(NOW.getTime() - DAY) };
  expect((await main(['crl', 'show'], earlier)).stdout).toMatch(/programs refuse this list until then/u);
});

test('crl show names whose certificates are on a copy of the own list, but not what others have numbered alike', async () => {
  await ca.run('revoke', 'alice', '--yes');
  fs.copyFileSync(path.join(ca.folder, 'ca/crl.pem'), path.join(ca.folder, 'copy.pem'));
  expect(await answer('crl', 'show', 'copy.pem')).toMatchObject({
    revoked: [{ kind: 'client', name: 'alice' }],
  });
  await ca.run('init-ca', '--ca-dir', 'other');
  expect((await answer('crl', 'show', 'copy.pem', '--ca-dir', 'other'))['revoked']).toEqual([
    { serial: expect.any(String), revokedAt: expect.any(String) },
  ]);
});

test("crl show explains another CA's list, with or without a CA here", async () => {
  const other = await makeTestCa(['issue-client', 'bob'], ['revoke', 'bob', '--yes']);
  const file = path.join(other.folder, 'ca/crl.pem');
  const { authorityKeyId } = readCrl(fs.readFileSync(file));
  expect(await answer('crl', 'show', file)).toMatchObject({ authorityKeyId, number: '2' });
  expect(await answer('crl', 'show', file, '--ca-dir', 'nowhere')).toMatchObject({ exitCode: 0 });
  fs.writeFileSync(path.join(other.folder, 'ca/registry.db'), 'no registry');
  const damaged = path.join(other.folder, 'ca');
  expect(await answer('crl', 'show', file, '--ca-dir', damaged)).toMatchObject({ exitCode: 0, number: '2' });
  fs.copyFileSync(file, path.join(ca.folder, 'ca/crl.pem'));
  const shown = await answer('crl', 'show');
  expect(shown).toMatchObject({ authorityKeyId });
  expect(await answer('crl')).toMatchObject({ number: '2' });
});
