import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli, cliJson, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { newHome } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

const HOST = 'tcp://127.0.0.1:2376';

/** The home folder becomes an overlay, as in a container: all that was in it lies in the lower layer. */
const OVERLAY = `set -e
  mount -t tmpfs tmpfs "$LAYERS"
  mkdir "$LAYERS/upper" "$LAYERS/work"
  mount -t overlay overlay -o "lowerdir=$HOME,upperdir=$LAYERS/upper,workdir=$LAYERS/work,redirect_dir=off" "$HOME"
  cd "$HOME"`;

describeNeeding(['root', 'mounts'], 'in an overlay whose lower layer has all files', () => {
  let start: string;

  beforeAll(async () => {
    start = newHome();
    const options = { ...inHome(start), cwd: start };
    for (const words of [
      'init-ca',
      'issue-server node1',
      'issue-client bob',
      'issue-client bob --force --out out',
      `context create c0 --client bob --for ${HOST}`,
      'bundle bob -o bob.tar.gz',
      'unbundle bob.tar.gz --out bob',
      `bundle bob --for ${HOST} -o for.tar.gz`,
    ])
      await cliJson(words.split(' '), options);
    fs.mkdirSync(path.join(start, 'other/deeper'), { recursive: true });
    fs.writeFileSync(path.join(start, 'other/deeper/file'), 'x');
  }, 100_000);

  /** Runs a command, and then one that looks at what it left. */
  async function run(words: string, then: string): Promise<Finished> {
    const home = path.join(temporaryFolder(), 'home');
    fs.cpSync(start, home, { recursive: true, verbatimSymlinks: true });
    const options: CliOptions = { ...inHome(home), cwd: '/' };
    const script = `${OVERLAY}\n"$@" && "$1" "$2" ${then}`;
    const env = { ...options.env, LAYERS: temporaryFolder() };
    return cli(words.split(' '), {
      ...options,
      env,
      prefix: ['unshare', '--mount', 'sh', '-c', script, 'sh'],
    });
  }

  test.each([
    ['issue-client bob --force', 'show bob'],
    ['issue-client bob --force --out out', 'show out/cert.pem'],
    ['issue-server node1 --force', 'show node1'],
    ['context update c0 --client bob', 'context list'],
    ['context remove c0', 'context list'],
    ['unbundle for.tar.gz --out bob --force', 'show bob/cert.pem'],
    ['unbundle for.tar.gz --out bob --install --force', 'context list'],
  ])('%s succeeds', async (words, then) => {
    const { code, stderr } = await run(words, then);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/error/u) });
  });

  /** A directory of a lower layer cannot be renamed, and mv copies what rename(2) refuses. */
  test('unbundle --force over a directory of something else explains why it cannot be set aside', async () => {
    const { code, stderr } = await run('unbundle for.tar.gz --out other --force', '');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /other: what is there cannot be renamed: .*overlay.*\nhint: move it away with mv/u,
      ),
    });
  });
});
