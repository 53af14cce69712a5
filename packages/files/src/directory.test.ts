import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeFolder, modeOf } from '../testing/folder.ts';
import { makeDirectory, makePrivateDirectory, makePublicDirectory, syncDirectory } from './index.ts';

describe('makePrivateDirectory', () => {
  test('makes it for its owner alone, whatever the umask', () => {
    const umask = process.umask(0);
    const folder = path.join(makeFolder(), 'above', 'private');
    expect(makePrivateDirectory(folder)).toBe(true);
    process.umask(umask);
    expect(modeOf(folder)).toBe(0o700);
  });

  test('leaves one that exists as it is', () => {
    const folder = makeFolder();
    fs.chmodSync(folder, 0o755);
    expect(makePrivateDirectory(folder)).toBe(false);
    expect(modeOf(folder)).toBe(0o755);
  });

  test('refuses a file of that name', () => {
    const file = path.join(makeFolder(), 'file');
    fs.writeFileSync(file, '');
    expect(() => makePrivateDirectory(file)).toThrow(
      expect.objectContaining({
        code: 'FILE_NOT_REGULAR',
        message: `cannot make the folder ${file}: it is not a directory`,
      }),
    );
  });
});

describe('makeDirectory and makePublicDirectory', () => {
  test.each([
    [makeDirectory, 0, 0o755],
    [makeDirectory, 0o077, 0o700],
    [makePublicDirectory, 0, 0o755],
    [makePublicDirectory, 0o077, 0o755],
    [makePrivateDirectory, 0o077, 0o700],
  ] as const)('%p leaves nothing that others can write to: umask %i, mode %i', (make, mask, mode) => {
    const umask = process.umask(mask);
    const folder = path.join(makeFolder(), 'above', 'it');
    make(folder);
    process.umask(umask);
    expect(modeOf(folder)).toBe(mode);
    expect(modeOf(path.dirname(folder)) & 0o022).toBe(0);
  });
});

test('a directory of a file system that has no call for this need not be synced', () => {
  // fsync(2) answers EINVAL in /proc, as it does in folders that VirtualBox shares.
  const folder = fs.existsSync('/proc/self') ? '/proc' : makeFolder();
  expect(() => syncDirectory(folder)).not.toThrow();
});
