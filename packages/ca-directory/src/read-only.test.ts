import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import nodePath from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openStore, readStore } from './open-store.ts';
import { laidDown, makeTestCa, temporaryFolder } from '../testing/test-ca.ts';

const ca = makeTestCa();
let file: string;

beforeEach(async () => {
  // libsql may still hold the one that was made open: a copy is another file.
  const copy = nodePath.join(temporaryFolder(), 'ca');
  fs.cpSync(await laidDown(ca), copy, { recursive: true });
  file = nodePath.join(copy, 'registry.db');
});

const O_ACCMODE = 3;
const LIBSQL = createRequire(new URL('../../registry/package.json', import.meta.url)).resolve('libsql');

/** The descriptor of the listing itself is gone by then. */
function linkOf(path: string): string | undefined {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** How the registry is open in this process: 0 for reading alone, 2 for writing too (open(2)). */
function accessModes(): readonly number[] {
  return fs.readdirSync('/proc/self/fd').flatMap((descriptor) => {
    if (linkOf(`/proc/self/fd/${descriptor}`) !== file) return [];
    const [, flags = ''] =
      /^flags:\s+(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return [Number.parseInt(flags, 8) & O_ACCMODE];
  });
}

describe('the registry', () => {
  test('is open for reading alone where a command only looks', async () => {
    const reader = await readStore(nodePath.dirname(file));
    await reader.entries();
    expect(new Set(accessModes())).toEqual(new Set([0]));
    await reader.close();
  });

  test('is open for writing where a command may change it', async () => {
    const store = await openStore(nodePath.dirname(file));
    expect(new Set(accessModes())).toEqual(new Set([2]));
    await store.close();
  });
});

/** A process that dies in the middle of writing its changes to the disk: the journal has what was there before. */
function die(): void {
  const script = `
    const database = new (require(${JSON.stringify(LIBSQL)}))(process.argv[1]);
    database.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE junk (x)');
    for (let i = 0; i < 300; i++) database.exec('INSERT INTO junk VALUES (randomblob(4000))');
    database.exec('UPDATE junk SET x = randomblob(4000)');
    process.kill(process.pid, 'SIGKILL')`;
  spawnSync(process.execPath, ['-e', script, file], { stdio: 'ignore' });
}

test('what a killed command left half-written is taken back first', async () => {
  die();
  expect(fs.existsSync(`${file}-journal`)).toBe(true);
  const reader = await readStore(nodePath.dirname(file));
  expect(await reader.entries()).toHaveLength(1);
  await reader.close();
  expect(fs.existsSync(`${file}-journal`)).toBe(false);
});
