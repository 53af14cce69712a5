import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { removeFile } from './remove-file.ts';

test('removes a file and nothing beside it, and can be done twice', () => {
  const folder = makeFolder();
  const [gone, stays] = ['gone', 'stays'].map((name) => nodePath.join(folder, name)) as [string, string];
  for (const path of [gone, stays]) fs.writeFileSync(path, '');
  removeFile(gone);
  removeFile(gone);
  expect(fs.readdirSync(folder)).toEqual(['stays']);
});

test('is gone for good: its folder is brought to the disk after that', () => {
  const file = nodePath.join(makeFolder(), 'gone');
  fs.writeFileSync(file, '');
  const seen: boolean[] = [];
  const sync = jest.spyOn(fs, 'fsyncSync').mockImplementation(() => void seen.push(fs.existsSync(file)));
  removeFile(file);
  sync.mockRestore();
  expect(seen).toEqual([false]);
});

test('says what it could not remove', () => {
  const folder = makeFolder();
  expect(() => removeFile(folder)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(folder) }),
  );
});
