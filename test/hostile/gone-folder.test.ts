import { beforeAll, expect, test } from '@jest/globals';
import { PROGRAM, cliJson } from '../support/cli.ts';
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
  const words = ['-c', script, 'sh', ...PROGRAM, ...argv];
  return run('sh', words, { cwd: home, env: { HOME: home } });
}

const GONE = 'docker-mtls: error: the current folder no longer exists\nhint: change to another folder\n';

test.each([
  'list',
  'list --json',
  '--version',
  '--help',
  'bundle --help',
  'bundle --json --help',
  'completion bash',
  'issue-server node1',
  'issue-client alice',
  'env alice --for node1',
  'exec alice --for node1 -- true',
  'bundle alice -o -',
  'ci export uat --for github --engine uat=tcp://node1:2376 --out -',
  'context create one --client alice --for node1',
  'context create two --for ssh://nobody@127.0.0.1:1',
  'context use one',
  'context update',
  'context list',
  'crl',
  'context remove one --force',
])('what needs no folder works: %s', async (words) => {
  expect(await inGoneFolder(...words.split(' '))).toMatchObject({ code: 0, stderr: '' });
});

test.each(['ssh check nobody@127.0.0.1:1', 'context check two'])(
  'what asks an engine does, as docker would: %s',
  async (words) => {
    // Without ssh on the machine, or with nothing behind the port, it says so.
    expect(await inGoneFolder(...words.split(' '))).toMatchObject({ code: 3, stderr: '' });
  },
);

test.each([
  'bundle alice',
  'show alice.pem',
  'request bob',
  'unbundle alice.tar.gz',
  'issue-client bob --csr bob.csr',
  'issue-client --names people.txt',
  'ci export alice --for github --engine uat=tcp://node1:2376',
  'daemon-config --config daemon.json',
  'daemon-config undo --config daemon.json',
  'secure node1 --client alice --config daemon.json',
  'list --ca-dir ca',
])('what needs one says that it is gone: %s', async (words) => {
  expect(await inGoneFolder(...words.split(' '))).toEqual(
    expect.objectContaining({ code: 1, stdout: '', stderr: GONE }),
  );
});

test('a client is renewed, though nothing tells where its copies are', async () => {
  expect(await inGoneFolder('renew', 'alice')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(
      'warning: copies of the renewed pairs were not looked for: the current folder',
    ),
  });
});
