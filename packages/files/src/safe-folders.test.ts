import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { makeFolder } from '../testing/folder.ts';
import { findUnsafeFolder, requireSafeFile, requireSafeFolders } from './index.ts';

let above: string;
let folder: string;
beforeEach(() => {
  above = makeFolder();
  folder = path.join(above, 'certs');
  fs.mkdirSync(folder, { mode: 0o755 });
});

test.each([
  ["a folder of one's own", () => folder],
  ['one that is to be made in it', () => path.join(folder, 'new/deeper')],
  ['one that is to be made in a sticky folder', () => (fs.chmodSync(above, 0o1777), path.join(above, 'new'))],
  ['one in a sticky folder', () => (fs.chmodSync(above, 0o1777), folder)],
])('%s is safe', (_, prepare) => {
  expect(findUnsafeFolder(prepare())).toBeUndefined();
});

test.each([
  ['others may write to it', () => folder, () => fs.chmodSync(folder, 0o777)],
  ['it is sticky itself', () => folder, () => fs.chmodSync(folder, 0o1777)],
  ['others may write to the one above', () => above, () => fs.chmodSync(above, 0o777)],
  ['a link leads to such a one', () => above, () => linkFrom(above)],
])('a folder is not safe if %s', (_, offending, change) => {
  const named = offending();
  const place = change() ?? folder;
  expect(findUnsafeFolder(place)).toMatchObject({ folder: named, reason: 'other users may write to' });
  expect(() => requireSafeFolders(place, 'keys')).toThrow(
    expect.objectContaining({
      code: 'FILE_UNSAFE',
      message: `${place} is not safe for keys: other users may write to ${named}`,
      hint: expect.stringContaining('choose a folder'),
    }),
  );
});

test('nobody is told to take a folder such as /tmp from the others', () => {
  fs.chmodSync(folder, 0o1777);
  expect(findUnsafeFolder(folder)).toMatchObject({
    folder,
    hint: expect.stringMatching(/^choose a folder/u),
  });
});

test('the hint can be pasted, whatever the folder is called', () => {
  const odd = path.join(above, "it's ours");
  fs.mkdirSync(odd);
  fs.chmodSync(odd, 0o777);
  const word = String.raw`'${above}/it'\''s ours`;
  expect(findUnsafeFolder(odd)?.hint).toContain(`chmod go-w ${word}', or`);
  fs.chmodSync(odd, 0o755);
  fs.writeFileSync(path.join(odd, 'ca.pem'), 'x');
  fs.chmodSync(path.join(odd, 'ca.pem'), 0o666);
  expect(() => requireSafeFile(path.join(odd, 'ca.pem'), 'keys')).toThrow(
    expect.objectContaining({
      hint: expect.stringContaining(`${word}/ca.pem' && chmod go-w ${word}/ca.pem'`),
    }),
  );
});

function linkFrom(shared: string): string {
  const link = path.join(makeFolder(), 'link');
  fs.symlinkSync(folder, link);
  fs.chmodSync(shared, 0o777);
  return link;
}

describe('a file', () => {
  let file: string;
  beforeEach(() => {
    file = path.join(folder, 'ca.pem');
    fs.writeFileSync(file, 'x', { mode: 0o644 });
  });

  test('is safe in a safe folder, and so is one that is missing', () => {
    requireSafeFile(file, 'certificates');
    requireSafeFile(path.join(folder, 'gone'), 'certificates');
    expect(fs.statSync(file).mode & 0o777).toBe(0o644);
  });

  test.each([
    ['others may write to it', () => fs.chmodSync(file, 0o666), () => `${file} is not safe`],
    ['others may write to its folder', () => fs.chmodSync(folder, 0o777), () => `may write to ${folder}`],
    ['a link leads to such a file', () => linkToWritable(), () => `${file} is not safe`],
    ['a link leads to such a folder', () => linkToWritable(0o777), () => `may write to ${folder}`],
  ])('is not safe if %s', (_, change, message) => {
    const named = change() ?? file;
    expect(() => requireSafeFile(named, 'certificates')).toThrow(
      expect.objectContaining({ code: 'FILE_UNSAFE', message: expect.stringContaining(message()) }),
    );
  });

  function linkToWritable(mode = 0o755): string {
    const link = path.join(makeFolder(), 'link');
    fs.symlinkSync(file, link);
    fs.chmodSync(file, mode === 0o755 ? 0o666 : 0o644);
    fs.chmodSync(folder, mode);
    return link;
  }
});

describeNeeding(['root'], 'of another user', () => {
  beforeEach(() => fs.chownSync(folder, 4242, 4242));

  test('a folder is not safe, unless it is made for that user', () => {
    expect(findUnsafeFolder(folder)).toMatchObject({ folder, reason: 'another user (uid 4242) owns' });
    expect(findUnsafeFolder(folder, { trustsOwner: true })).toBeUndefined();
  });

  test('a file of that user is not safe either, unless the folder is made for them', () => {
    const file = path.join(above, 'ca.pem');
    fs.writeFileSync(file, 'x');
    fs.chownSync(file, 4242, 4242);
    expect(() => requireSafeFile(file, 'certificates')).toThrow('uid 4242 owns it');
    const own = path.join(folder, 'ca.pem');
    fs.renameSync(file, own);
    requireSafeFile(own, 'certificates', { trustsOwner: true });
  });

  test('a link in it is no way to a safe file, wherever it is on the way', () => {
    const safe = makeFolder();
    fs.writeFileSync(path.join(safe, 'hook'), 'x');
    fs.symlinkSync(safe, path.join(folder, 'hooks'));
    fs.symlinkSync(path.join(safe, 'hook'), path.join(folder, 'hook'));
    fs.symlinkSync(path.join(folder, 'hook'), path.join(above, 'link'));
    fs.symlinkSync('gone', path.join(folder, 'dangling'));
    for (const file of ['certs/hooks/hook', 'certs/hook', 'link', 'certs/dangling/hook'])
      expect(() => requireSafeFile(path.join(above, file), 'a hook')).toThrow(
        `is not safe for a hook: another user (uid 4242) owns ${folder}`,
      );
    expect(findUnsafeFolder(path.join(folder, 'hooks'))).toMatchObject({ folder });
    expect(findUnsafeFolder(path.join(folder, 'hooks/new'))).toMatchObject({ folder });
    requireSafeFile(path.join(folder, 'hook'), 'a hook', { trustsOwner: true });
  });

  test('nor is what is below it', () => {
    const below = path.join(folder, 'below');
    fs.mkdirSync(below);
    expect(findUnsafeFolder(below)).toMatchObject({ folder });
  });
});
