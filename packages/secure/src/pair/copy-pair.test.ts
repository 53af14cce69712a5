import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../../../authority/testing/test-authority.ts';
import type { TestAuthority } from '../../../authority/testing/test-authority.ts';
import { checkCopy, copyPair } from './copy-pair.ts';
import { layoutFiles } from './out-layout.ts';

let ca: TestAuthority;
let out: string;

beforeEach(async () => {
  ca = await testAuthority();
  await ca.issue({ kind: 'client', name: 'alice' });
  out = path.join(ca.folder, 'out');
});

const inOut = (name: string): string => path.join(out, name);
const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

function pairOf(name: string): Parameters<typeof copyPair>[1] {
  const read = (each: string): Buffer => fs.readFileSync(path.join(ca.folder, 'ca/clients', name, each));
  const files = { ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem') };
  return { read: () => files, to: layoutFiles('client', 'flat') };
}

function write(name: string, text: string): void {
  fs.mkdirSync(out, { recursive: true });
  fs.writeFileSync(inOut(name), text);
}

function visibleIn(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => !name.startsWith('.'));
}

function generationsIn(folder: string): readonly string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith('.gen-'));
}

describe('copyPair', () => {
  test('copies all three, the key for its owner alone, whatever the umask', () => {
    const umask = process.umask(0);
    copyPair(out, pairOf('alice'), { force: false, now: NOW });
    process.umask(umask);
    expect(visibleIn(out)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect([out, inOut('key.pem'), inOut('cert.pem'), inOut('ca.pem')].map(modeOf)).toEqual([
      '700',
      '600',
      '644',
      '644',
    ]);
  });

  test('the same files again are left alone', () => {
    copyPair(out, pairOf('alice'), { force: false, now: NOW });
    const before = fs.statSync(inOut('key.pem'));
    copyPair(out, pairOf('alice'), { force: false, now: NOW });
    expect(fs.statSync(inOut('key.pem')).ino).toBe(before.ino);
  });

  test('other files are refused before one is written; with force they are replaced and kept aside', () => {
    write('ca.pem', 'other');
    expect(() => copyPair(out, pairOf('alice'), { force: false, now: NOW })).toThrow(
      expect.objectContaining({ code: 'OUT_EXISTS', message: expect.stringContaining('out/ca.pem') }),
    );
    expect(fs.readdirSync(out)).toEqual(['ca.pem']);
    copyPair(out, pairOf('alice'), { force: true, now: NOW });
    expect(fs.readFileSync(inOut('ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(fs.readFileSync(inOut('ca.pem.20260101T000000Z.bak'), 'utf8')).toBe('other');
  });

  test('plain files that somebody writes each time are kept under names of their own', () => {
    for (const old of ['first', 'second']) {
      fs.rmSync(inOut('key.pem'), { force: true });
      write('key.pem', old);
      copyPair(out, pairOf('alice'), { force: true, now: NOW });
    }
    const kept = ['key.pem.20260101T000000Z.bak', 'key.pem.20260101T000000Z-1.bak'];
    expect(kept.map((name) => fs.readFileSync(inOut(name), 'utf8'))).toEqual(['first', 'second']);
  });

  test('of its own pairs it keeps the one before, and no more', async () => {
    for (const name of ['bob', 'carol', 'dora']) {
      await ca.issue({ kind: 'client', name });
      copyPair(out, pairOf(name), { force: true, now: NOW });
    }
    expect(visibleIn(out)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    const keys = generationsIn(out).map((name) => fs.readFileSync(inOut(`${name}/key.pem`), 'utf8'));
    const expected = ['carol', 'dora'].map((name) => String(pairOf(name).read().key));
    expect(keys.toSorted()).toEqual(expected.toSorted());
    expect(fs.readFileSync(inOut('key.pem'), 'utf8')).toBe(expected[1]);
  });

  test('a signed request never takes away a key that is there', () => {
    write('key.pem', 'made by the request');
    const { to, read } = pairOf('alice');
    const { ca: roots, certificate } = read();
    copyPair(out, { to, read: () => ({ ca: roots, certificate }) }, { force: false, now: NOW });
    expect(fs.readFileSync(inOut('key.pem'), 'utf8')).toBe('made by the request');
    copyPair(out, pairOf('alice'), { force: true, now: NOW });
    const { key } = read();
    const other = Buffer.concat([certificate, Buffer.from('\n')]);
    copyPair(out, { to, read: () => ({ ca: roots, certificate: other }) }, { force: true, now: NOW });
    expect(fs.readFileSync(inOut('key.pem'))).toEqual(key);
  });

  test('an empty file is another file', () => {
    write('key.pem', '');
    expect(() => copyPair(out, pairOf('alice'), { force: false, now: NOW })).toThrow(
      'out/key.pem exists already',
    );
  });
});

describe('checkCopy', () => {
  const pair = { kind: 'client', withKey: true, force: false } as const;

  function check(changes: Partial<Parameters<typeof checkCopy>[1]> = {}): void {
    checkCopy(out, { ...pair, caDirectory: ca.directory, ...changes });
  }

  test('asks nothing of a folder that is yet to be made, and makes none', () => {
    check();
    expect(fs.existsSync(out)).toBe(false);
  });

  test('takes a folder with other files in it', () => {
    write('server-key.pem', 'x');
    expect(check).not.toThrow();
  });

  test.each(['ca.pem', 'cert.pem', 'key.pem'])('refuses a folder with another %s', (name) => {
    write(name, 'x');
    expect(check).toThrow(expect.objectContaining({ code: 'OUT_EXISTS' }));
    expect(() => check({ force: true })).not.toThrow();
  });

  test("takes a folder that has this CA's certificate", () => {
    fs.mkdirSync(out);
    fs.copyFileSync(path.join(ca.folder, 'ca/ca.pem'), inOut('ca.pem'));
    expect(check).not.toThrow();
  });

  test('takes a folder with the key of the request that is signed', () => {
    write('key.pem', 'x');
    expect(() => check({ withKey: false })).not.toThrow();
  });

  test('refuses a folder in the place of a file, even with force', () => {
    fs.mkdirSync(inOut('key.pem'), { recursive: true });
    expect(() => check({ force: true })).toThrow(expect.objectContaining({ code: 'FILE_NOT_REGULAR' }));
  });
});
