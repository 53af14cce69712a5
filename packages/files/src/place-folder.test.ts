import fs from 'node:fs';
import path from 'node:path';
import { leftName } from '../testing/folder.ts';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { placeFolder } from './place-folder.ts';

const FILES = [
  { name: 'ca.pem', data: 'ca', mode: 0o644 },
  { name: 'key.pem', data: 'key', mode: 0o600 },
];

let folder: string;
let target: string;

beforeEach(() => {
  folder = temporaryFolder();
  target = path.join(folder, 'alice');
});

test('makes the folder for its owner alone, the files with their modes', () => {
  placeFolder(target, FILES);
  const modes = ['.', 'ca.pem', 'key.pem'].map((name) => fs.statSync(path.join(target, name)).mode & 0o777);
  expect(modes).toEqual([0o700, 0o644, 0o600]);
  expect(fs.readFileSync(path.join(target, 'key.pem'), 'utf8')).toBe('key');
  expect(fs.readdirSync(folder)).toEqual(['alice']);
});

test.each([
  ['a folder', () => fs.mkdirSync(target)],
  ['a file', () => fs.writeFileSync(target, 'x')],
  ['a link to nowhere', () => fs.symlinkSync('gone', target)],
])('refuses %s in its place, and leaves it', (_, put) => {
  put();
  const before = fs.lstatSync(target).ino;
  expect(() => placeFolder(target, FILES)).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
  expect(fs.lstatSync(target).ino).toBe(before);
  expect(fs.readdirSync(folder)).toEqual(['alice']);
});

test('keeps aside what stood there', () => {
  fs.mkdirSync(target);
  fs.writeFileSync(path.join(target, 'old'), 'x');
  placeFolder(target, FILES, `${target}.bak`);
  expect(fs.readdirSync(folder).toSorted()).toEqual(['alice', 'alice.bak']);
  expect(fs.readdirSync(`${target}.bak`)).toEqual(['old']);
});

test('brings back what stood there when the new one cannot take its place', () => {
  fs.mkdirSync(target);
  fs.writeFileSync(path.join(target, 'old'), 'x');
  const rename = fs.renameSync;
  const failing = jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
    if (String(from).endsWith('.partial')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    rename(from, to);
  });
  const place = (): void => placeFolder(target, FILES, `${target}.bak`);
  expect(place).toThrow(expect.objectContaining({ code: 'FILE_UNUSABLE' }));
  failing.mockRestore();
  expect(fs.readdirSync(folder)).toEqual(['alice']);
  expect(fs.readdirSync(target)).toEqual(['old']);
});

test('leaves nothing of what it cannot finish', () => {
  const files = [...FILES, { name: 'x'.repeat(256), data: '', mode: 0o600 }];
  expect(() => placeFolder(target, files)).toThrow(expect.objectContaining({ code: 'FILE_UNUSABLE' }));
  expect(fs.readdirSync(folder)).toEqual([]);
});

test('removes what a killed process left half-made, whatever its folder was for', () => {
  for (const left of [leftName('alice'), leftName('bob')]) {
    fs.mkdirSync(path.join(folder, left));
    fs.writeFileSync(path.join(folder, left, 'key.pem'), 'key');
  }
  placeFolder(target, FILES);
  expect(fs.readdirSync(folder)).toEqual(['alice']);
});
