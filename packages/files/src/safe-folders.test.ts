import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../test/support/describe-needing.ts';
import { makeFolder } from '../testing/folder.ts';
import { findUnsafeFolder, requireSafeFolders } from './index.ts';

let above: string;
let folder: string;
beforeEach(() => {
  above = makeFolder();
  folder = path.join(above, 'certs');
  fs.mkdirSync(folder, { mode: 0o755 });
});

test.each([
  ['a folder of one’s own', () => folder],
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
      hint: expect.stringContaining(`chmod go-w ${named}`),
    }),
  );
});

function linkFrom(shared: string): string {
  const link = path.join(makeFolder(), 'link');
  fs.symlinkSync(folder, link);
  fs.chmodSync(shared, 0o777);
  return link;
}

describeNeeding(['root'], 'of another user', () => {
  beforeEach(() => fs.chownSync(folder, 4242, 4242));

  test('a folder is not safe, unless it is made for that user', () => {
    expect(findUnsafeFolder(folder)).toMatchObject({ folder, reason: 'another user (uid 4242) owns' });
    expect(findUnsafeFolder(folder, { trustsOwner: true })).toBeUndefined();
  });

  test('nor is what is below it', () => {
    const below = path.join(folder, 'below');
    fs.mkdirSync(below);
    expect(findUnsafeFolder(below)).toMatchObject({ folder });
  });
});
