import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { describeNeeding } from '../../../../test/support/describe-needing.ts';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { newestRecord, writeRecord } from './undo-record.ts';

const OTHER_USER = 4242;

describeNeeding(['root'], 'the record of a change, read by root', () => {
  let folder: string;
  let config: string;
  let record: string;

  beforeEach(() => {
    folder = temporaryFolder();
    config = nodePath.join(folder, 'daemon.json');
    record = writeRecord(config, '20260101T000000Z', { dropIn: '[Service]\nExecStart=/bin/sh\n' });
  });

  test('is what root wrote', () => {
    expect(newestRecord(config)).toMatchObject({ path: record });
  });

  test.each([
    { name: 'another user owns it', spoil: () => fs.chownSync(record, OTHER_USER, OTHER_USER) },
    { name: 'others may write to it', spoil: () => fs.chmodSync(record, 0o646) },
    { name: 'another user owns its folder', spoil: () => fs.chownSync(folder, OTHER_USER, OTHER_USER) },
    { name: 'others may write to its folder', spoil: () => fs.chmodSync(folder, 0o777) },
  ])('is refused when $name: its text would go into a unit of this machine', ({ spoil }) => {
    spoil();
    expect(() => newestRecord(config)).toThrow(expect.objectContaining({ code: 'FILE_UNSAFE' }));
  });
});
