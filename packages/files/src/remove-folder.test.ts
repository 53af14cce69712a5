import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { removeFolder } from './remove-file.ts';

test('removes a folder with what is in it and nothing beside it, and can be done twice', () => {
  const above = makeFolder();
  const [gone, stays] = ['gone', 'stays'].map((name) => nodePath.join(above, name)) as [string, string];
  for (const path of [nodePath.join(gone, 'deeper'), stays]) fs.mkdirSync(path, { recursive: true });
  fs.writeFileSync(nodePath.join(gone, 'file'), '');
  removeFolder(gone);
  removeFolder(gone);
  expect(fs.readdirSync(above)).toEqual(['stays']);
});

test('is gone for good: the folder above is brought to the disk after that', () => {
  const folder = nodePath.join(makeFolder(), 'gone');
  fs.mkdirSync(folder);
  const seen: boolean[] = [];
  const sync = jest.spyOn(fs, 'fsyncSync').mockImplementation(() => void seen.push(fs.existsSync(folder)));
  removeFolder(folder);
  sync.mockRestore();
  expect(seen).toEqual([false]);
});
