import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { NOW, testAuthority } from '../../authority/testing/test-authority.ts';
import { refuseMountedCa } from './other-ca.ts';

const LATER = new Date(NOW.getTime() + 11 * 365 * 24 * 60 * 60 * 1000);

describe('a ca.pem that is there', () => {
  let ours: string;
  let theirs: string;
  beforeAll(async () => {
    ours = (await testAuthority()).directory;
    theirs = fs.readFileSync(path.join((await testAuthority()).directory, 'ca.pem'), 'utf8');
  });

  const look = (text: string, now: Date): void => {
    const certs = temporaryFolder();
    fs.writeFileSync(path.join(certs, 'ca.pem'), text);
    refuseMountedCa(certs, ours, now);
  };

  test('of another CA stays while it lives, for its clients would be shut out', () => {
    expect(() => look(theirs, NOW)).toThrow(expect.objectContaining({ code: 'CONTAINER_OTHER_CA' }));
  });

  test('of one that has expired may go', () => {
    expect(() => look(theirs, LATER)).not.toThrow();
  });

  test('of this CA is no obstacle; next to another one that is valid, it is', () => {
    const own = fs.readFileSync(path.join(ours, 'ca.pem'), 'utf8');
    expect(() => look(own, NOW)).not.toThrow();
    expect(() => look(own + theirs, NOW)).toThrow(expect.objectContaining({ code: 'CONTAINER_OTHER_CA' }));
  });

  test('that is no certificate stays', () => {
    expect(() => look('mine', NOW)).toThrow(expect.objectContaining({ code: 'CONTAINER_OTHER_CA' }));
  });
});
