import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { asBytes, openSqlite, quickTarget } from './native-sqlite.ts';
import { temporaryFolder } from './test-ca.support.ts';

const supported = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
const target = (libc: string): string | undefined =>
  supported ? `linux-${process.arch}-${libc}` : undefined;

describe('the quick way to the prebuilt file', () => {
  test.each([
    ['/lib64/ld-linux-x86-64.so.2', target('gnu')],
    ['/lib/ld-musl-x86_64.so.1', target('musl')],
    ['/system/bin/linker64', undefined],
    ['/lib64/ld-linux-x86-64.so.2\0/lib/ld-musl-x86_64.so.1', undefined],
  ])('a program that is loaded by %j wants %s', (loader, expected) => {
    const program = nodePath.join(temporaryFolder(), 'node');
    fs.writeFileSync(program, `\x7fELF\0\0${loader}\0`);
    expect(quickTarget(program)).toBe(expected);
  });

  test('is not taken when the program cannot be read', () => {
    expect(quickTarget(nodePath.join(temporaryFolder(), 'nowhere'))).toBeUndefined();
  });
});

test('bytes come back as they were stored', () => {
  const database = openSqlite(':memory:');
  database.exec('CREATE TABLE t (x BLOB)');
  database.prepare('INSERT INTO t VALUES (?)').run([Buffer.from([0, 255, 10])]);
  expect(asBytes(database.prepare('SELECT x FROM t').all([])[0]?.['x'])).toEqual(Buffer.from([0, 255, 10]));
  expect(() => asBytes('text')).toThrow('no bytes');
});
