import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { PUBLIC_FILE, replaceFile } from '@docker-mtls/files';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { codeCache } from './code-cache.ts';
import type { CodeCache, WriteWhole } from './code-cache.ts';

const write: WriteWhole = (to, data) => replaceFile(to, data, PUBLIC_FILE);

const SOURCE = Buffer.from('source');
const CODE = Buffer.from('what V8 made of it');
const US = process.geteuid?.() ?? 0;
const OURS = { program: US, user: US };

let folder = '';
let file = '';

beforeEach(() => {
  folder = path.join(temporaryFolder(), 'code-cache');
  file = path.join(folder, 'part');
});

function kept(cache: CodeCache = codeCache(folder, OURS, write)): CodeCache {
  cache.write('part', SOURCE, CODE);
  return cache;
}

test('gives back what was kept', () => {
  expect(kept().read('part', SOURCE)).toEqual(CODE);
});

test('has nothing before anything was kept', () => {
  expect(codeCache(folder, OURS, write).read('part', SOURCE)).toBeUndefined();
});

test('replaces what it has', () => {
  kept().write('part', Buffer.from('another'), Buffer.from('other code'));
  expect(codeCache(folder, OURS, write).read('part', Buffer.from('another'))).toEqual(
    Buffer.from('other code'),
  );
  expect(fs.readdirSync(folder)).toEqual(['part']);
});

test('takes away what a run that was killed had begun to write', () => {
  fs.mkdirSync(folder);
  const { pid } = spawnSync('true');
  fs.writeFileSync(path.join(folder, `.part.${pid}.partial`), 'the first half');
  kept();
  expect(fs.readdirSync(folder)).toEqual(['part']);
});

test('has nothing for another source of the same length', () => {
  expect(kept().read('part', Buffer.from('SOURCE'))).toBeUndefined();
});

test.each([0, 5])('has nothing where byte %d of the source is another', (position) => {
  const cache = kept();
  const bytes = fs.readFileSync(file);
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
  expect(cache.read('part', SOURCE)).toBeUndefined();
});

test.each([0, 5, 6])('has nothing where only %d bytes came to the disk', (length) => {
  const cache = kept();
  fs.truncateSync(file, length);
  expect(cache.read('part', SOURCE)).toBeUndefined();
});

function replaceByLink(place: string): void {
  fs.renameSync(place, `${place}-itself`);
  fs.symlinkSync(`${place}-itself`, place);
}

function modeOf(place: string): string {
  return (fs.statSync(place).mode & 0o777).toString(8);
}

describe('trusts nothing', () => {
  const changes: readonly (readonly [string, () => void])[] = [
    ['a folder that its group may write', () => fs.chmodSync(folder, 0o775)],
    ['a folder that anybody may write', () => fs.chmodSync(folder, 0o757)],
    ['a file that its group may write', () => fs.chmodSync(file, 0o664)],
    ['a file that anybody may write', () => fs.chmodSync(file, 0o646)],
    ['a link to the folder', () => replaceByLink(folder)],
    ['a link to the file', () => replaceByLink(file)],
  ];

  test.each(changes)('in %s', (_, change) => {
    const cache = kept();
    change();
    expect(cache.read('part', SOURCE)).toBeUndefined();
  });

  test('that belongs to another than the program', () => {
    kept();
    expect(codeCache(folder, { program: US + 1, user: US + 1 }, write).read('part', SOURCE)).toBeUndefined();
    expect(codeCache(folder, { program: US + 1, user: US }, write).read('part', SOURCE)).toBeUndefined();
  });
});

describe('writes nothing', () => {
  test('for another than the owner of the program', () => {
    kept(codeCache(folder, { program: US + 1, user: US }, write));
    kept(codeCache(folder, { program: US, user: US + 1 }, write));
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('into a folder that others may write', () => {
    fs.mkdirSync(folder);
    fs.chmodSync(folder, 0o777);
    kept();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('where users have no numbers', () => {
    const cache = codeCache(folder, { program: 0, user: undefined }, write);
    expect(kept(cache).read('part', SOURCE)).toBeUndefined();
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('and says nothing where it cannot', () => {
    expect(kept(codeCache('/dev/null/code-cache', OURS, write)).read('part', SOURCE)).toBeUndefined();
  });
});

test.each([
  [0o000, '755', '644'],
  [0o077, '700', '600'],
])('under umask %o, others may read at most', (umask, folderMode, fileMode) => {
  const before = process.umask(umask);
  kept();
  process.umask(before);
  expect([modeOf(folder), modeOf(file)]).toEqual([folderMode, fileMode]);
});

test('whoever does not own the program reads what its owner kept', () => {
  kept();
  expect(codeCache(folder, { program: US, user: US + 1 }, write).read('part', SOURCE)).toEqual(CODE);
});
