import fs from 'node:fs';
import nodePath from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findLibsql, LIBSQL_VERSION, libsqlTarget } from './find-libsql.ts';
import { HERE } from './here.ts';
import { temporaryFolder } from './test-ca.support.ts';

const supported = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
const target = (libc: string): string | undefined =>
  supported ? `linux-${process.arch}-${libc}` : undefined;

const ifSupported = (file: string): string | undefined => (supported ? file : undefined);

/** A program as far as anybody looks at it here. */
function programLoadedBy(loader: string): string {
  const program = nodePath.join(temporaryFolder(), 'node');
  fs.writeFileSync(program, `\x7fELF\0\0${loader}\0`);
  return program;
}

describe('the target', () => {
  test.each([
    ['/lib64/ld-linux-x86-64.so.2', target('gnu')],
    ['/lib/ld-musl-x86_64.so.1', target('musl')],
    ['/system/bin/linker64', undefined],
    ['/lib64/ld-linux-x86-64.so.2\0/lib/ld-musl-x86_64.so.1', undefined],
  ])('of a program that is loaded by %j is %s', (loader, expected) => {
    expect(libsqlTarget(programLoadedBy(loader))).toBe(expected);
  });

  test('of a program that cannot be read is unknown', () => {
    expect(libsqlTarget(nodePath.join(temporaryFolder(), 'nowhere'))).toBeUndefined();
  });
});

/** A folder with libsql and its native part, as npm installs them, and a folder below it to look from. */
function installation(version: string): { readonly from: string; readonly file: string } {
  const modules = nodePath.join(temporaryFolder(), 'node_modules');
  const native = nodePath.join(modules, '@libsql', target('musl') ?? 'none');
  for (const folder of [native, nodePath.join(modules, 'libsql')]) fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(nodePath.join(native, 'package.json'), JSON.stringify({ version }));
  return { from: nodePath.join(modules, 'docker-mtls', 'dist'), file: nodePath.join(native, 'index.node') };
}

describe('the native part', () => {
  const program = programLoadedBy('/lib/ld-musl-x86_64.so.1');

  test('is found beside the nearest libsql', () => {
    const { from, file } = installation(LIBSQL_VERSION);
    expect(findLibsql(from, program)).toBe(ifSupported(file));
  });

  test('is found beside the folder that a link to libsql leads to', () => {
    const { from, file } = installation(LIBSQL_VERSION);
    const modules = nodePath.join(temporaryFolder(), 'node_modules');
    fs.mkdirSync(modules);
    fs.symlinkSync(nodePath.join(from, '..', '..', 'libsql'), nodePath.join(modules, 'libsql'));
    expect(findLibsql(nodePath.dirname(modules), program)).toBe(ifSupported(file));
  });

  test('of another version is left alone: what it offers is not promised', () => {
    expect(findLibsql(installation('0.5.28').from, program)).toBeUndefined();
  });

  test('that is not there is not found', () => {
    const { from, file } = installation(LIBSQL_VERSION);
    fs.rmSync(nodePath.dirname(file), { recursive: true });
    expect(findLibsql(from, program)).toBeUndefined();
    expect(findLibsql('/', program)).toBeUndefined();
  });

  test('is that of the version which is depended on', () => {
    const manifest = fs.readFileSync(nodePath.join(HERE, '..', 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ dependencies: { libsql: LIBSQL_VERSION } });
    expect(findLibsql(HERE) !== undefined).toBe(supported);
  });
});
