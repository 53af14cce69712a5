import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { createWhole } from './create-whole.ts';

test('takes nobody’s place, and leaves nothing half-made', () => {
  const folder = temporaryFolder();
  const backup = path.join(folder, 'daemon.json.bak');
  const make = (data: string): void =>
    createWhole(path.join(folder, 'daemon.json'), backup, { data, access: 0o600 });
  make('first');
  expect(() => make('second')).toThrow(expect.objectContaining({ code: 'FILE_EXISTS' }));
  expect(fs.readFileSync(backup, 'utf8')).toBe('first');
  expect(fs.readdirSync(folder)).toEqual(['daemon.json.bak']);
});
