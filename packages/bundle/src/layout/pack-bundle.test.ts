import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../../test/support/temp.ts';
import { packBundle } from './pack-bundle.ts';

const FILES = { ca: 'the ca\n', certificate: 'the certificate\n', key: 'the key\n' };

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

function tar(archive: Buffer, ...args: string[]): string {
  return execFileSync('tar', ['-C', folder, '-z', ...args, '-f', '-'], {
    input: archive,
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

const LAYOUTS = [
  { layout: 'flat', names: ['ca.pem', 'cert.pem', 'key.pem'] },
  { layout: 'pwd', names: ['ca.pem', 'client-cert.pem', 'client-key.pem'] },
] as const;

describe('packBundle', () => {
  test.each(LAYOUTS)('layout $layout unpacks with tar, the key private', ({ layout, names }) => {
    tar(packBundle(FILES, { layout }), '-x');
    expect(fs.readdirSync(folder).toSorted()).toEqual(names);
    expect(names.map((name) => fs.readFileSync(nodePath.join(folder, name), 'utf8'))).toEqual(
      Object.values(FILES),
    );
    expect(fs.statSync(nodePath.join(folder, names[2])).mode & 0o777).toBe(0o600);
  });

  test('entries have fixed modes, owners and dates', () => {
    const listing = tar(packBundle(FILES, { layout: 'flat' }), '-t', '-v', '--numeric-owner');
    expect(listing.trim().split('\n')).toEqual([
      '-rw-r--r-- 0/0               7 1980-01-01 00:00 ca.pem',
      '-rw-r--r-- 0/0              16 1980-01-01 00:00 cert.pem',
      '-rw------- 0/0               8 1980-01-01 00:00 key.pem',
    ]);
  });

  test('the same files make the same bytes, here and everywhere', () => {
    const digest = createHash('sha256')
      .update(packBundle(FILES, { layout: 'flat' }))
      .digest('hex');
    expect(digest).toBe('f930624e17809301a7ea62d73acc70f0cb5c13a9289d3409edca46a4fe9cfe28');
  });

  test('a client that keeps its key gets certificates only', () => {
    const { ca, certificate } = FILES;
    const listing = tar(packBundle({ ca, certificate }, { layout: 'flat' }), '-t');
    expect(listing).toBe('ca.pem\ncert.pem\n');
  });
});
