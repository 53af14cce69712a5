import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, test } from '@jest/globals';
import { requireLocks } from './require-locks.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';

// A file system without locks cannot be mounted here: only that a good one passes is shown.
test('a folder with locks passes, and nothing is left in it', () => {
  const folder = temporaryFolder();
  requireLocks(folder);
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('a folder in which nothing can be made is not judged', () => {
  expect(() => requireLocks(nodePath.join(temporaryFolder(), 'nowhere'))).not.toThrow();
});
