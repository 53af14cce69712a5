import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { skippedLines } from '../../scripts/summary-reporter.js';
import { REPOSITORY } from './cache.ts';
import { describeNeeding } from './describe-needing.ts';
import { which } from './engine-install.ts';
import { NEEDS } from './needs.ts';
import { makeRunFolder, removeRunFolder } from './run-folder.js';
import { run } from './run.ts';
import { temporaryFolder } from './temp.ts';
import { filesBelow } from './tree.ts';

const isDebian = which('dpkg-query') !== undefined;
const optional = Object.values(NEEDS).flatMap(({ programs }) => programs);
const undeclared = optional.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0);

(isDebian ? describe : describe.skip)('the PATH of the tests', () => {
  test('holds no program that a block can declare, unless every Debian has it', () => {
    const essential = new Set(['setpriv', 'unshare']);
    expect(undeclared.filter((name) => !essential.has(name))).toEqual([]);
  });

  test('makes a program that is not declared look missing', async () => {
    await expect(run('openssl', ['version'])).rejects.toThrow('ENOENT');
    expect(spawnSync('openssl', ['version']).error).toHaveProperty('code', 'ENOENT');
  });
});

describeNeeding(['openssl'], 'a block that declares openssl', () => {
  test('can start it, with an environment of its own and without', async () => {
    expect(await run('openssl', ['version'])).toMatchObject({ code: 0 });
    expect(spawnSync('openssl', ['version']).status).toBe(0);
  });
});

(isDebian ? describe : describe.skip)('after the block that declares a program', () => {
  test('it looks missing again', () => {
    expect(spawnSync('openssl', ['version']).error).toHaveProperty('code', 'ENOENT');
  });
});

describe('the temporary folder of a run', () => {
  test('is told apart from what tests left in it', () => {
    const environment: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
    const folder = makeRunFolder(environment);
    expect(environment['TMPDIR']).toBe(folder);
    fs.mkdirSync(path.join(folder, 'dm-left'));
    expect(removeRunFolder(folder)).toEqual(['dm-left']);
    expect(fs.existsSync(folder)).toBe(false);
  });

  test('is the one that tests and the programs they start use', async () => {
    expect(path.dirname(temporaryFolder())).toBe(os.tmpdir());
    expect(await run('sh', ['-c', 'echo "$TMPDIR"'])).toMatchObject({ stdout: `${os.tmpdir()}\n` });
  });
});

test('one helper makes every temporary folder of the tests, and removes it', () => {
  const sources = ['packages', 'test'].flatMap((folder) => testSources(path.join(REPOSITORY, folder)));
  const makers = sources.filter((file) => fs.readFileSync(file, 'utf8').includes('mkdtemp'));
  expect(makers.map((file) => path.relative(REPOSITORY, file))).toEqual([
    'test/support/needs.test.ts',
    'test/support/temp.ts',
  ]);
});

function testSources(folder: string): readonly string[] {
  const isTest = /(?:\.test|\.support)\.ts$|\/testing\/[^/]+\.ts$|\/test\/.*\.ts$/;
  return filesBelow(folder).filter((file) => !file.includes('/node_modules/') && isTest.test(file));
}

test('skipped tests are named by their reason, with a count', () => {
  const names = ['a [needs: zsh (apt-get install zsh)] x', 'b [needs: zsh (apt-get install zsh)] y', 'c'];
  expect(skippedLines([...names, 'd [needs: root (run as root)]'])).toEqual([
    'skipped: 2 tests need zsh (apt-get install zsh)',
    'skipped: 1 test needs no reason: c',
    'skipped: 1 test needs root (run as root)',
  ]);
});
