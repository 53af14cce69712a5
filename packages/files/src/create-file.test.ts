import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { makeFolder, modeOf } from '../testing/folder.ts';
import { createFile, PRIVATE_FILE, PUBLIC_FILE } from './index.ts';

describe('createFile', () => {
  let folder: string;
  let umask: number;
  beforeEach(() => {
    folder = makeFolder();
    umask = process.umask(0);
  });
  afterEach(() => void process.umask(umask));

  test.each([
    { name: 'a private file is 0600', access: PRIVATE_FILE, mode: 0o600 },
    { name: 'a public file is 0644', access: PUBLIC_FILE, mode: 0o644 },
  ])('$name with no umask to help', ({ access, mode }) => {
    const file = path.join(folder, 'new');
    createFile(file, 'text', access);
    expect(fs.readFileSync(file, 'utf8')).toBe('text');
    expect(modeOf(file)).toBe(mode);
  });

  test('takes the mode and owner of another file when asked to', () => {
    const file = path.join(folder, 'new');
    const { uid, gid } = fs.statSync(folder);
    createFile(file, 'text', { mode: 0o640, uid, gid });
    expect(modeOf(file)).toBe(0o640);
  });

  test.each([
    { who: 'user', more: { uid: 1, gid: 0 } },
    { who: 'group', more: { uid: 0, gid: 1 } },
  ])('is empty, and for its maker alone, until it has its $who', ({ more }) => {
    const file = path.join(folder, 'new');
    const { uid, gid } = fs.statSync(folder);
    const seen: unknown[] = [];
    // Not everybody may give files away.
    const give = jest.spyOn(fs, 'fchownSync').mockImplementation((open, ...owner) => {
      const { mode, size } = fs.fstatSync(open);
      seen.push([mode & 0o777, size, ...owner]);
    });
    createFile(file, 'text', { mode: 0o640, uid: uid + more.uid, gid: gid + more.gid });
    give.mockRestore();
    expect(seen).toEqual([[0o600, 0, uid + more.uid, gid + more.gid]]);
    expect(modeOf(file)).toBe(0o640);
  });

  test('asks for no mode that came with the call which made the file', () => {
    const file = path.join(folder, 'new');
    const { uid, gid } = fs.statSync(folder);
    // A stand-in for FAT, which has one mode for all files and refuses others.
    const change = jest.spyOn(fs, 'fchmodSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    createFile(file, 'text', { mode: PRIVATE_FILE, uid, gid });
    change.mockRestore();
    expect(modeOf(file)).toBe(0o600);
  });

  test('refuses a file that stands there, and leaves it as it is', () => {
    const file = path.join(folder, 'old');
    fs.writeFileSync(file, 'old');
    expect(() => createFile(file, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ code: 'FILE_EXISTS', message: `cannot create ${file}: it exists already` }),
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
  });

  test('does not write through a link', () => {
    const target = path.join(folder, 'target');
    const link = path.join(folder, 'link');
    fs.symlinkSync(target, link);
    expect(() => createFile(link, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ code: 'FILE_EXISTS' }),
    );
    expect(fs.existsSync(target)).toBe(false);
  });

  test('leaves nothing of a write that fails', () => {
    const file = path.join(folder, 'new');
    const unwritable = {} as Uint8Array;
    expect(() => createFile(file, unwritable, PRIVATE_FILE)).toThrow('must be of type');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('says which path has no folder', () => {
    const file = path.join(folder, 'missing', 'new');
    expect(() => createFile(file, 'new', PRIVATE_FILE)).toThrow(
      expect.objectContaining({ code: 'FILE_NOT_FOUND', message: expect.stringContaining(file) }),
    );
  });
});
