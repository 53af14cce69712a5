import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { explained, explainFileError, FileError } from './index.ts';

test('names the path and a remedy, and keeps the cause', () => {
  const cause = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
  const error = explainFileError(cause, 'write', '/some/file');
  expect(error).toBeInstanceOf(FileError);
  expect(error).toMatchObject({
    code: 'FILE_NO_SPACE',
    message: 'cannot write /some/file: no space left on the device',
    hint: 'free some space and run the command again',
    cause,
  });
});

test.each([
  [0, 'lsattr'],
  [1000, 'or as root'],
])('does not tell uid %i to be root where it is', (uid, hint) => {
  jest.spyOn(process, 'geteuid').mockReturnValueOnce(uid);
  const cause = Object.assign(new Error('EPERM: rename'), { code: 'EPERM' });
  expect(explainFileError(cause, 'replace', '/some/file')).toMatchObject({
    code: 'FILE_NOT_PERMITTED',
    hint: expect.stringContaining(hint),
  });
});

test('has the system say what no table knows', () => {
  const folder = makeFolder();
  fs.mkdirSync(path.join(folder, 'full', 'of'), { recursive: true });
  expect(() => explained('remove', '/some/folder', () => fs.rmdirSync(path.join(folder, 'full')))).toThrow(
    expect.objectContaining({
      code: 'FILE_UNUSABLE',
      message: 'cannot remove /some/folder: directory not empty',
      hint: expect.any(String),
    }),
  );
});

test.each([
  { errno: os.constants.errno.ESTALE, reason: 'the file server no longer has it' },
  { errno: 999, reason: 'Unknown system error -999' },
])('explains an error that Node has no name for: $errno', ({ errno, reason }) => {
  const code = `Unknown system error -${errno}`;
  const cause = Object.assign(new Error(`${code}: ${code}, open '/proc/self/fd/9/x'`), {
    errno: -errno,
    code,
    syscall: 'open',
  });
  expect(explainFileError(cause, 'read', '/x')).toMatchObject({
    code: 'FILE_UNUSABLE',
    message: `cannot read /x: ${reason}`,
  });
});

test('knows that no path has a NUL in it', () => {
  expect(() => explained('read', 'a\0b', () => fs.readFileSync('a\0b'))).toThrow(
    expect.objectContaining({ code: 'FILE_UNUSABLE', message: expect.stringContaining('NUL') }),
  );
});

test('leaves alone what is not about the file', () => {
  const error = new TypeError('a bug');
  expect(explainFileError(error, 'write', '/some/file')).toBe(error);
  expect(() =>
    explained('write', '/some/file', () => {
      throw error;
    }),
  ).toThrow(error);
});

test('hands on what the step returned', () => {
  expect(explained('read', '/some/file', () => 42)).toBe(42);
});
