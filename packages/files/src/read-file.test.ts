import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder } from '../testing/folder.ts';
import { readFile, readFileIfExists } from './index.ts';

/** Node takes its own away when it closes them; who is killed leaves them. */
function makeSocket(file: string): void {
  const listen = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listen, file]);
}

describe('readFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = makeFolder();
  });

  test('reads what a link leads to', () => {
    fs.writeFileSync(path.join(folder, 'file'), 'text');
    fs.symlinkSync('file', path.join(folder, 'link'));
    expect(readFile(path.join(folder, 'link')).toString()).toBe('text');
  });

  test('reads a file that is as large as may be', () => {
    fs.writeFileSync(path.join(folder, 'file'), '1234');
    expect(readFile(path.join(folder, 'file'), 4).toString()).toBe('1234');
  });

  const refusals: readonly { name: string; code: string; make: (file: string) => void }[] = [
    { name: 'a file that is not there', code: 'FILE_NOT_FOUND', make: () => undefined },
    { name: 'a folder', code: 'FILE_NOT_REGULAR', make: (file) => fs.mkdirSync(file) },
    {
      name: 'a pipe that nobody writes to',
      code: 'FILE_NOT_REGULAR',
      make: (file) => void execFileSync('mkfifo', [file]),
    },
    { name: 'a socket', code: 'FILE_NOT_REGULAR', make: makeSocket },
    { name: 'a link to itself', code: 'FILE_NOT_REGULAR', make: (file) => fs.symlinkSync(file, file) },
    {
      name: 'a file of /proc that says it is empty, and is too large',
      code: 'FILE_TOO_LARGE',
      make: (file) => fs.symlinkSync('/proc/self/status', file),
    },
    {
      name: 'a file of one byte too many',
      code: 'FILE_TOO_LARGE',
      make: (file) => fs.writeFileSync(file, '12345'),
    },
  ];

  test.each(refusals)('refuses $name', ({ code, make }) => {
    const file = path.join(folder, 'it');
    make(file);
    expect(() => readFile(file, 4)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`cannot read ${file}`) }),
    );
  });

  test('a file that need not be there is undefined, but a folder is still refused', () => {
    expect(readFileIfExists(path.join(folder, 'it'))).toBeUndefined();
    expect(() => readFileIfExists(folder)).toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }));
  });
});
