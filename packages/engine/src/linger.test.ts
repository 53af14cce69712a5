import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { lingerWarnings } from './linger.ts';
import { SYSTEM } from './scope.ts';

test('says of a rootless engine that it ends with its user, unless that user lingers', () => {
  const folder = temporaryFolder();
  const rootless = { isRootless: true };
  expect(lingerWarnings(rootless, { user: 'dan', folder })).toEqual([
    'this engine ends when dan logs out: "loginctl enable-linger dan" keeps it',
  ]);
  fs.writeFileSync(path.join(folder, 'dan'), '');
  expect(lingerWarnings(rootless, { user: 'dan', folder })).toEqual([]);
  expect(lingerWarnings(SYSTEM, { user: 'ada', folder })).toEqual([]);
});
