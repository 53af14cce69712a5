import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { BUNDLE } from '../../../test/support/cli.ts';
import { temporaryFolder } from '../../../test/support/temp.ts';

const CLI = path.join(import.meta.dirname, '..');

/** Runs the program with what Node 18 lacks taken away. */
function onOldNode(...words: readonly string[]): ReturnType<typeof spawnSync> {
  const older = path.join(temporaryFolder(), 'older.cjs');
  fs.writeFileSync(older, 'delete process.getBuiltinModule;');
  return spawnSync(process.execPath, ['--require', older, BUNDLE, ...words], { encoding: 'utf8' });
}

test('a Node that is too old is told so, in a line and a hint', () => {
  const { status, stdout, stderr } = onOldNode('list');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^docker-mtls: error: this is Node \d+\.\d+\.\d+, which is too old.*\nhint: .*\n$/);
});

test('and so is a program that asks', () => {
  const { status, stdout, stderr } = onOldNode('list', '--json');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(JSON.parse(stdout as string)).toMatchObject({ error: { code: 'NODE_TOO_OLD' } });
});

test('the hint names the releases that the package asks for', () => {
  const { engines } = JSON.parse(fs.readFileSync(path.join(CLI, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const wanted = [...engines.node.matchAll(/(\d+)(?:\.(\d+)\.0)?/g)].map(([, major, minor]) =>
    minor === undefined ? major : `${major}.${minor}`,
  );
  expect(onOldNode('list').stderr).toContain(`Node ${wanted.join(', ')} or later`);
});
