import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { changeAccess } from './change-access.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'key.pem');
  fs.writeFileSync(file, 'x');
  fs.chmodSync(file, 0o644);
});

const modeOf = (name: string): number => fs.statSync(name).mode & 0o7777;

test.each([0o600, 0o400])('a file gets the mode %d', (mode) => {
  changeAccess(file, { mode }, fs.statSync(file));
  expect(modeOf(file)).toBe(mode);
});

test('so does a folder', () => {
  changeAccess(folder, { mode: 0o700 }, fs.statSync(folder));
  expect(modeOf(folder)).toBe(0o700);
});

test('a link is refused, and where it leads stays as it was', () => {
  const link = path.join(folder, 'link.pem');
  fs.symlinkSync(file, link);
  expect(() => changeAccess(link, { mode: 0o600 }, fs.statSync(link))).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^FILE_/) }),
  );
  expect(modeOf(file)).toBe(0o644);
});

test('a file with another name is refused', () => {
  fs.linkSync(file, path.join(folder, 'other.pem'));
  expect(() => changeAccess(file, { mode: 0o600 }, fs.statSync(file))).toThrow(
    expect.objectContaining({ code: 'FILE_UNSAFE' }),
  );
  expect(modeOf(file)).toBe(0o644);
});

test('a file that was just given another mode is still the one that was looked at', () => {
  const before = fs.statSync(file);
  changeAccess(file, { mode: 0o600 }, before);
  changeAccess(file, { mode: 0o400 }, before);
  expect(modeOf(file)).toBe(0o400);
});

test('a file that took the place of the one that was looked at is refused', () => {
  const before = fs.statSync(file);
  const secret = path.join(folder, 'secret');
  fs.writeFileSync(secret, 'x', { mode: 0o600 });
  fs.renameSync(secret, file);
  expect(() => changeAccess(file, { mode: 0o644 }, before)).toThrow('another file took its place');
  expect(modeOf(file)).toBe(0o600);
});

test('what is missing is an error that says so', () => {
  expect(() => changeAccess(path.join(folder, 'none'), { mode: 0o600 }, fs.statSync(file))).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
  );
});
