import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { makeFolder, modeOf } from '../testing/folder.ts';
import { PRIVATE_FILE, PUBLIC_FILE, replaceFile, replaceFiles } from './index.ts';

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

  test('gives whoever has the old file open all of the old file', () => {
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

  test('takes away what a process that is gone left half-written', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    fs.writeFileSync(path.join(folder, `.config.${dead}.partial`), 'half a key');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder)).toEqual(['config']);
  });

  test('takes away what a process with the number of this one left', () => {
    fs.writeFileSync(path.join(folder, `.config.${process.pid}.partial`), 'half a key');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder)).toEqual(['config']);
  });

  test('leaves alone what a living process is writing, and files that are not ours', () => {
    const others = [`.config.${process.ppid}.partial`, '.config.mine.partial', '.config.swp'];
    for (const name of others) fs.writeFileSync(path.join(folder, name), 'theirs');
    replaceFile(file, 'new', PRIVATE_FILE);
    expect(fs.readdirSync(folder).toSorted()).toEqual([...others, 'config'].toSorted());
  });

  test('names the file that was meant, not the one that it is made in', () => {
    // Too long only with what is put around it.
    const long = path.join(folder, 'x'.repeat(250));
    const refused = expect.objectContaining({ message: `cannot create ${long}: the name is too long` });
    expect(() => replaceFile(long, 'new', PRIVATE_FILE)).toThrow(refused);
    const many = [{ name: path.basename(long), data: 'new', mode: PRIVATE_FILE }];
    expect(() => replaceFiles(folder, many)).toThrow(refused);
  });

  test('refuses to take the place of a folder, and leaves nothing behind', () => {
    fs.mkdirSync(file);
    expect(() => replaceFile(file, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_REGULAR' }),
    );
    expect(fs.readdirSync(folder)).toEqual(['config']);
  });
});
