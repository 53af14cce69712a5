import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { args, NOW } from '../../testing/fake-io.ts';
import { makeTestCa } from '../../testing/make-ca.ts';
import type { TestCa } from '../../testing/make-ca.ts';
import { checkOut, copyPair, outFolder } from './copy-out.ts';
import { layoutFiles } from './out-layout.ts';

let ca: TestCa;
let out: string;

beforeEach(async () => {
  ca = await makeTestCa(['issue-client', 'alice']);
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

/** The files that are seen by their paths, with their modes. */
function tree(): readonly string[] {
  return fs.readdirSync(out, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return fs.statSync(file).isFile() && !file.includes('/.')
      ? [`${path.relative(out, file)} ${modeOf(file)}`]
      : [];
  });
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
      await ca.run('issue-client', name);
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

describe('checkOut', () => {
  const pair = { kind: 'client', withKey: true, force: false } as const;

  function check(changes: Partial<Parameters<typeof checkOut>[2]> = {}): void {
    checkOut(args({ out: 'out' }), ca.io, { ...pair, caDirectory: path.join(ca.folder, 'ca'), ...changes });
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

  test('a refused --out leaves nothing issued', async () => {
    write('key.pem', 'x');
    expect(await ca.run('issue-client', 'bob', '--out', 'out')).toMatchObject({ exitCode: 1 });
    expect(await ca.run('issue-client', 'bob', '--out', 'out2')).toMatchObject({ exitCode: 0 });
  });
});

test('outFolder is taken from here', () => {
  expect(outFolder(args({ out: 'a' }), ca.io)).toBe(path.join(ca.folder, 'a'));
  expect(outFolder(args(), ca.io)).toBeUndefined();
});

describe('Docker-in-Docker', () => {
  const DIND = ['--layout', 'dind', '--out', 'out'];
  test('has a folder for each part, and the key of the CA nowhere', async () => {
    expect(await ca.run('issue-server', 'dind', ...DIND)).toMatchObject({ exitCode: 0 });
    expect(await ca.run('issue-client', 'bob', ...DIND)).toMatchObject({ exitCode: 0 });
    expect(tree().toSorted()).toEqual([
      'ca/cert.pem 644',
      'client/ca.pem 644',
      'client/cert.pem 644',
      'client/key.pem 600',
      'server/ca.pem 644',
      'server/cert.pem 644',
      'server/key.pem 600',
    ]);
    const roots = ['ca/cert.pem', 'client/ca.pem', 'server/ca.pem'].map((name) =>
      fs.readFileSync(inOut(name), 'utf8'),
    );
    expect(new Set(roots)).toEqual(new Set([fs.readFileSync(path.join(ca.folder, 'ca/ca.pem'), 'utf8')]));
  });

  test('keeps what it had aside when it is told to replace it', async () => {
    await ca.run('issue-server', 'dind', ...DIND);
    expect(await ca.run('issue-server', 'dind', ...DIND, '--force')).toMatchObject({ exitCode: 0 });
    expect(generationsIn(inOut('server'))).toHaveLength(2);
  });

  test.each(['ca/key.pem', 'ca/cert.pem', 'server/key.pem'])(
    'is left alone where %s is another',
    async (name) => {
      fs.mkdirSync(path.dirname(inOut(name)), { recursive: true });
      fs.writeFileSync(inOut(name), 'other');
      const { exitCode, stderr } = await ca.run('issue-server', 'dind', ...DIND);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(`out/${name}`) });
      expect(tree()).toHaveLength(1);
      await expect(ca.current('server', 'dind')).rejects.toThrow('no server dind');
    },
  );

  test('is refused beside the key of another CA, even with force', async () => {
    fs.mkdirSync(inOut('ca'), { recursive: true });
    write('ca/key.pem', 'other');
    expect(await ca.run('issue-server', 'dind', ...DIND, '--force')).toMatchObject({ exitCode: 1 });
  });

  test('is a layout of something', async () => {
    expect(await ca.run('issue-server', 'dind', '--layout', 'dind')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('add --out DIR'),
    });
  });
});
