import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { checkFolder } from './check-folder.ts';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
  fs.mkdirSync(path.join(root, 'folder'));
  fs.writeFileSync(path.join(root, 'file'), '');
  fs.symlinkSync('folder', path.join(root, 'link'));
  fs.symlinkSync('gone', path.join(root, 'dead'));
  fs.symlinkSync('loop', path.join(root, 'loop'));
});

test.each([
  ['folder', true],
  ['link', true],
  ['new', false],
  ['new/below/it', false],
  ['link/new', false],
])('%s: is it there? %j', (name, expected) => {
  expect(checkFolder(path.join(root, name))).toBe(expected);
  expect(fs.existsSync(path.join(root, 'new'))).toBe(false);
});

test.each([
  ['file', 'FILE_NOT_REGULAR'],
  ['file/below', 'FILE_NOT_REGULAR'],
  ['file/below/it', 'FILE_NOT_REGULAR'],
  ['dead', 'FILE_NOT_FOUND'],
  ['loop', 'FILE_NOT_REGULAR'],
  ['x'.repeat(300), 'FILE_UNUSABLE'],
])('%s is refused with %s', (name, code) => {
  expect(() => checkFolder(path.join(root, name))).toThrow(expect.objectContaining({ code }));
});
