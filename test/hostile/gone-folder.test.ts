import { beforeAll, expect, test } from '@jest/globals';
import { BUNDLE, cliJson } from '../support/cli.ts';
import { run } from '../support/run.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

let home: string;

beforeAll(async () => {
  home = temporaryFolder();
  await cliJson(['init-ca'], { home });
});

/** Runs docker-mtls in a folder that somebody has removed. */
function inGoneFolder(...argv: readonly string[]): Promise<Finished> {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const words = ['-c', script, 'sh', process.execPath, BUNDLE, ...argv];
  return run('sh', words, { cwd: home, env: { HOME: home } });
}

test('what needs no folder works', async () => {
  expect(await inGoneFolder('list')).toMatchObject({ code: 0, stderr: '' });
  expect(await inGoneFolder('issue-client', 'alice')).toMatchObject({ code: 0, stderr: '' });
  expect(await inGoneFolder('env', 'alice', '--for', 'node1')).toMatchObject({ code: 0, stderr: '' });
  expect(await inGoneFolder('exec', 'alice', '--for', 'node1', '--', 'true')).toMatchObject({ code: 0 });
});

test('what needs one says that it is gone', async () => {
  expect(await inGoneFolder('bundle', 'alice')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'docker-mtls: error: the folder that you are in is gone\nhint: cd to another\n',
  });
});
