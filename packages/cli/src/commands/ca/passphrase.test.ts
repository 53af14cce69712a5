import fs from 'node:fs';
import path from 'node:path';
import { isEncryptedKey } from '@docker-mtls/ca';
import { beforeEach, expect, test } from '@jest/globals';
import { typing } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { TestCa } from '../../../testing/make-ca.ts';
import { main } from '../../main.ts';

let ca: TestCa;

beforeEach(async () => {
  ca = await makeTestCa();
  for (const name of ['one', 'two'])
    fs.writeFileSync(path.join(ca.folder, name), `passphrase ${name}\n`, { mode: 0o600 });
});

const keyFile = (): string => path.join(ca.folder, 'ca/private/ca-key.pem');

async function answer(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, exitCode } = await ca.run(...argv, '--json');
  return { ...(JSON.parse(String(stdout)) as Record<string, unknown>), exitCode };
}

test('a passphrase is added, changed and removed, and the key stays the same and private', async () => {
  const plain = fs.readFileSync(keyFile(), 'utf8');
  const change = (...words: readonly string[]) => answer('ca', 'passphrase', ...words);
  expect(await change('--new-passphrase-file', 'one')).toMatchObject({ exitCode: 0, encrypted: true });
  expect(isEncryptedKey(fs.readFileSync(keyFile()))).toBe(true);
  expect(fs.statSync(keyFile()).mode & 0o777).toBe(0o600);
  expect(await answer('issue-client', 'alice', '--passphrase-file', 'one')).toMatchObject({ exitCode: 0 });
  expect(await change('--passphrase-file', 'one', '--new-passphrase-file', 'two')).toMatchObject({
    exitCode: 0,
  });
  expect(await answer('issue-client', 'bob', '--passphrase-file', 'one')).toMatchObject({
    error: { code: 'CA_PASSPHRASE_WRONG' },
  });
  expect(await change('--passphrase-file', 'two', '--no-passphrase')).toMatchObject({ encrypted: false });
  expect(fs.readFileSync(keyFile(), 'utf8')).toBe(plain);
  expect(fs.readdirSync(path.dirname(keyFile()))).toEqual(['ca-key.pem']);
});

test('a terminal is asked for the old one and for the new one twice', async () => {
  await ca.run('ca', 'passphrase', '--new-passphrase-file', 'one');
  const before = fs.readFileSync(keyFile());
  const differing = typing('passphrase one', 'new', 'other');
  expect(await main(['ca', 'passphrase'], { ...ca.io, ...differing })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not the same'),
  });
  expect(fs.readFileSync(keyFile())).toEqual(before);
  const right = typing('passphrase one', 'new', 'new');
  expect(await main(['ca', 'passphrase'], { ...ca.io, ...right })).toMatchObject({ exitCode: 0 });
  expect(right.questions).toHaveLength(3);
});

test('a wrong passphrase changes nothing, and nothing is asked for without a terminal', async () => {
  await ca.run('ca', 'passphrase', '--new-passphrase-file', 'one');
  const before = fs.readFileSync(keyFile());
  expect(await answer('ca', 'passphrase', '--passphrase-file', 'two', '--no-passphrase')).toMatchObject({
    error: { code: 'CA_PASSPHRASE_WRONG' },
  });
  expect(await answer('ca', 'passphrase')).toMatchObject({ error: { code: 'PASSPHRASE_NEEDED' } });
  expect(await answer('ca', 'passphrase', '--no-passphrase', '--new-passphrase-file', 'two')).toMatchObject({
    exitCode: 2,
  });
  expect(fs.readFileSync(keyFile())).toEqual(before);
});
