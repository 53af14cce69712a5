import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../testing/test-ca.ts';
import { withLockFile } from './with-lock-file.ts';

const IMPATIENT = { noticeAfter: 0, patience: 50 };

function lockFile(): string {
  return path.join(temporaryFolder(), 'lock');
}

test('who comes second waits, is told so, and gives up in the end', async () => {
  const file = lockFile();
  const notes: string[] = [];
  const second = (): Promise<void> =>
    withLockFile(file, { ...IMPATIENT, onWait: () => notes.push('waits') }, async () => {
      notes.push('works');
    });
  await withLockFile(file, {}, async () => {
    await expect(second()).rejects.toMatchObject({ code: 'REGISTRY_BUSY' });
  });
  expect(notes).toEqual(['waits']);
  await second();
  expect(notes).toEqual(['waits', 'works']);
});

test('the lock goes with the work, also when that fails; its file stays, private and empty', async () => {
  const file = lockFile();
  await expect(withLockFile(file, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLockFile(file, IMPATIENT, async () => 'done')).toBe('done');
  expect(fs.readdirSync(path.dirname(file))).toEqual(['lock']);
  expect(fs.statSync(file)).toMatchObject({ size: 0, mode: 0o100600 });
});

test('a file of another kind is not locked', async () => {
  const file = lockFile();
  fs.symlinkSync('/etc/passwd', file);
  await expect(withLockFile(file, {}, async () => 'done')).rejects.toMatchObject({
    code: 'CA_DIRECTORY_UNSAFE',
  });
});
