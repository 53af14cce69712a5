import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { openLines } from './index.ts';

let file: string;

beforeEach(() => {
  file = path.join(temporaryFolder(), 'lines');
});

function linesOf(content: string | Buffer): { lines: readonly string[]; unfinished: number } {
  fs.writeFileSync(file, content);
  const open = openLines(file);
  const lines = [...open.lines()];
  open.close();
  return { lines, unfinished: open.unfinished() };
}

test.each([
  ['', [], 0],
  ['a', [], 1],
  ['a\n', ['a'], 0],
  ['a\nb', ['a'], 1],
  ['\n\n', ['', ''], 0],
  ['a\r\n\u00e9\u{1f600}\n', ['a\r', '\u00e9\u{1f600}'], 0],
])('the lines of %j', (content, lines, unfinished) => {
  expect(linesOf(content)).toEqual({ lines, unfinished });
});

test('lines over many parts of a file are whole', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'\u00e9'.repeat(index % 90)}`);
  expect(linesOf(`${lines.join('\n')}\n`).lines).toEqual(lines);
});

test('a line that is not UTF-8 is an empty one, and its neighbours are not touched', () => {
  const bytes = Buffer.concat([Buffer.from('a\nb'), Buffer.from([0xff]), Buffer.from('\n\u00e9\n')]);
  expect(linesOf(bytes).lines).toEqual(['a', '', '\u00e9']);
});

test('a line that is too long is an empty one', () => {
  const long = 'x'.repeat(5 * 1024 * 1024);
  expect(linesOf(`a\n${long}\nb\n`).lines).toEqual(['a', '', 'b']);
  expect(linesOf(`a\n${long}`)).toEqual({ lines: ['a'], unfinished: long.length });
});

test('reading goes on where it stopped', () => {
  fs.writeFileSync(file, 'a\nb');
  const open = openLines(file);
  expect([...open.lines()]).toEqual(['a']);
  fs.appendFileSync(file, 'c\nd\n');
  expect([...open.lines()]).toEqual(['bc', 'd']);
  expect(open.isReplaced()).toBe(false);
  fs.renameSync(file, `${file}.1`);
  expect(open.isReplaced()).toBe(false);
  fs.writeFileSync(file, '');
  expect(open.isReplaced()).toBe(true);
  open.close();
});

test.each([
  ['a folder', () => fs.mkdirSync(file), 'FILE_NOT_REGULAR'],
  ['a link', () => fs.symlinkSync('/etc/passwd', file), 'FILE_NOT_REGULAR'],
  ['nothing', () => undefined, 'FILE_NOT_FOUND'],
])('%s is refused', (_what, make, code) => {
  make();
  expect(() => openLines(file)).toThrow(expect.objectContaining({ code }));
});
