import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { leftName, makeFolder, modeOf } from '../testing/folder.ts';
import { PRIVATE_FILE, replaceFiles } from './index.ts';
import { partialName } from './partial.ts';

const { PATH = '' } = process.env;
let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => {
  process.env['PATH'] = PATH;
});

function files(count: number): { readonly name: string; readonly data: string; readonly mode: number }[] {
  return Array.from({ length: count }, (_, n) => ({ name: `f${n}`, data: `text ${n}`, mode: PRIVATE_FILE }));
}

describe('many files', () => {
  test.each([
    { how: 'few, each brought to the disk by itself', count: 2, programs: '' },
    { how: 'many, by one call', count: 100, programs: PATH },
    { how: 'many, where no program makes that call', count: 100, programs: '' },
  ])('$how', ({ count, programs }) => {
    process.env['PATH'] = programs;
    fs.writeFileSync(path.join(folder, 'f0'), 'old', { mode: 0o644 });
    replaceFiles(folder, files(count));
    expect(fs.readdirSync(folder)).toHaveLength(count);
    for (const { name, data } of files(count)) {
      expect(fs.readFileSync(path.join(folder, name), 'utf8')).toBe(data);
      expect(modeOf(path.join(folder, name))).toBe(0o600);
    }
  });

  test('leave nothing half done when one of them cannot be made', () => {
    fs.writeFileSync(path.join(folder, 'f0'), 'old');
    const tooLong = { name: 'x'.repeat(300), data: '', mode: PRIVATE_FILE };
    expect(() => replaceFiles(folder, [...files(2), tooLong])).toThrow(
      expect.objectContaining({ code: 'FILE_UNUSABLE' }),
    );
    expect(fs.readdirSync(folder)).toEqual(['f0']);
    expect(fs.readFileSync(path.join(folder, 'f0'), 'utf8')).toBe('old');
  });

  test('sweep what a killed process left, and nothing else', () => {
    const others = [partialName('f1'), '.f1.4711.partial'];
    for (const name of [leftName('f1'), leftName('g'), ...others])
      fs.writeFileSync(path.join(folder, name), 'key');
    replaceFiles(folder, files(2));
    expect(fs.readdirSync(folder).toSorted()).toEqual([...others, 'f0', 'f1'].toSorted());
  });
});
