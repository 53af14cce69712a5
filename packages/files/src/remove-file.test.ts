import fs from 'node:fs';
import nodePath from 'node:path';
import { expect, test } from '@jest/globals';
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

test('says what it could not remove', () => {
  const folder = makeFolder();
  expect(() => removeFile(folder)).toThrow(
    expect.objectContaining({ message: expect.stringContaining(folder) }),
  );
});
