import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { makeFolder, modeOf } from '../testing/folder.ts';
import { makePrivateDirectory } from './index.ts';

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
