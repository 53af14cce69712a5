import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { replaceInFolders } from './replace-in-folders.ts';

const FOLDERS = Array.from({ length: 40 }, (_, index) => `f${index}`);

function foldersWith(text: string): { readonly above: string; readonly paths: readonly string[] } {
  const above = temporaryFolder();
  const paths = FOLDERS.map((name) => path.join(above, name, 'ca.pem'));
  for (const each of paths) {
    fs.mkdirSync(path.dirname(each));
    fs.writeFileSync(each, text);
  }
  return { above, paths };
}

test('each folder has the new file with its mode, and nothing else', () => {
  const { above, paths } = foldersWith('old');
  replaceInFolders(above, paths, { data: 'new', mode: 0o640 });
  for (const each of paths) {
    expect(fs.readFileSync(each, 'utf8')).toBe('new');
    expect(fs.statSync(each).mode & 0o777).toBe(0o640);
    expect(fs.readdirSync(path.dirname(each))).toEqual(['ca.pem']);
  }
});

test('where one cannot be made, all stay as they were', () => {
  const { above, paths } = foldersWith('old');
  const missing = path.join(above, 'none', 'ca.pem');
  expect(() => replaceInFolders(above, [...paths, missing], { data: 'new', mode: 0o644 })).toThrow(
    expect.objectContaining({ code: 'FILE_NOT_FOUND' }),
  );
  for (const each of paths) {
    expect(fs.readFileSync(each, 'utf8')).toBe('old');
    expect(fs.readdirSync(path.dirname(each))).toEqual(['ca.pem']);
  }
});
