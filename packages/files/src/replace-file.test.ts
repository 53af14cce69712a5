import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { leftName, makeFolder, modeOf } from '../testing/folder.ts';
import { PRIVATE_FILE, PUBLIC_FILE, replaceFile, replaceFiles } from './index.ts';
import { partialName } from './partial.ts';

describe('replaceFile', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = makeFolder();
    file = path.join(folder, 'config');
  });

  test('puts a new file in place and leaves nothing beside it', () => {
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder)).toEqual(['config']);
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
  });

  test('replaces contents and mode together', () => {
    fs.writeFileSync(file, 'old', { mode: 0o600 });
    replaceFile(file, 'new', PUBLIC_FILE);
    expect([fs.readFileSync(file, 'utf8'), modeOf(file) & ~process.umask()]).toEqual(['new', 0o644]);
  });

  test('gives a process that has the old file open all of the old file', () => {
    fs.writeFileSync(file, 'old');
    const open = fs.openSync(file, 'r');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readFileSync(open, 'utf8')).toBe('old');
    fs.closeSync(open);
  });

  test('takes the place of a link, not of what it leads to', () => {
    const target = path.join(folder, 'target');
    fs.writeFileSync(target, 'theirs');
    fs.symlinkSync(target, file);
    replaceFile(file, 'ours', PRIVATE_FILE);
    expect(fs.readFileSync(target, 'utf8')).toBe('theirs');
    expect(fs.lstatSync(file).isFile()).toBe(true);
  });

  test('removes what a killed process left half-written for any file of the folder', () => {
    for (const name of ['config', 'other']) fs.writeFileSync(path.join(folder, leftName(name)), 'half a key');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder)).toEqual(['config']);
  });

  test('leaves what a living process is writing, and files of others', () => {
    const names = [partialName('config'), '.config.4711.partial', '.config.mine.partial', '.config.swp'];
    for (const name of names) fs.writeFileSync(path.join(folder, name), 'theirs');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder).toSorted()).toEqual([...names, 'config'].toSorted());
  });

  test('leaves what a process in another container is writing, until it is old', () => {
    const [young, old] = [1, 2].map(() =>
      partialName('config').replace(/[0-9a-fx]+-\d+-/, '00000000x1-1-'),
    ) as [string, string];
    for (const name of [young, old]) fs.writeFileSync(path.join(folder, name), 'theirs');
    const yesterday = new Date(Date.now() - 24 * 60 * 60 * 1000);
    fs.utimesSync(path.join(folder, old), yesterday, yesterday);
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder).toSorted()).toEqual([young, 'config'].toSorted());
  });

  test('removes nothing from a folder that others may write to', () => {
    const left = leftName('config');
    fs.writeFileSync(path.join(folder, left), 'half a key');
    fs.chmodSync(folder, 0o1777);
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder).toSorted()).toEqual([left, 'config'].toSorted());
  });

  test('takes the longest name that there can be, and names the file where one is too long', () => {
    const longest = path.join(folder, 'x'.repeat(255));
    replaceFile(longest, 'new', PRIVATE_FILE);
    replaceFiles(folder, [{ name: path.basename(longest), data: 'newer', mode: PRIVATE_FILE }]);
    expect(fs.readFileSync(longest, 'utf8')).toBe('newer');
    expect(() => replaceFile(`${longest}x`, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ message: `cannot create ${longest}x: the name is too long` }),
    );
    expect(fs.readdirSync(folder)).toEqual([path.basename(longest)]);
  });

  test('refuses to take the place of a folder, and leaves nothing behind', () => {
    fs.mkdirSync(file);
    expect(() => replaceFile(file, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
    expect(fs.readdirSync(folder)).toEqual(['config']);
  });
});
