import path from 'node:path';
import { expect, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { createUnsynced, PRIVATE_FILE, syncAll } from './index.ts';

function names(folder: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => path.join(folder, `file-${index}`));
}

test.each([1, 100])('brings %d files to the disk', (count) => {
  const folder = makeFolder();
  const files = names(folder, count);
  for (const file of files) createUnsynced(file, 'text', PRIVATE_FILE);
  expect(() => syncAll(folder, { files, folders: [folder] })).not.toThrow();
});

test.each([1, 100])('does not take %d files for synced when nothing could be', (count) => {
  const folder = path.join(makeFolder(), 'gone');
  expect(() => syncAll(folder, { files: names(folder, count), folders: [] })).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
  );
});
