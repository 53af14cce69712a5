import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { cli, cliJson, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { makeArena, type Arena } from './second-user/arena.ts';

const ROUNDS = 3;
const SLOW = 120_000;

/** Time for the second user between a look at a path and what is done there. */
const DELAYED = 'mkdir,rename,link,unlink,rmdir,symlink,fsync,fchown';
const SLOWED: readonly string[] =
  `strace -qq -o /dev/null -e trace=${DELAYED} -e inject=${DELAYED}:delay_enter=4000`.split(' ');

/** Each command that writes, at work in a folder; `n` differs from round to round. */
type Command = { readonly name: string; readonly words: (folder: string, n: number) => readonly string[] };

const COMMANDS: readonly Command[] = [
  { name: 'init-ca', words: (folder, n) => ['init-ca', '--ca-dir', `${folder}/ca${n}`] },
  {
    name: 'issue-server --out',
    words: (folder, n) => ['issue-server', `node1${n}`, '--out', `${folder}/out`, '--force'],
  },
  {
    name: 'issue-client --out',
    words: (folder, n) => ['issue-client', `carol${n}`, '--out', `${folder}/new/out`, '--force'],
  },
  { name: 'bundle', words: (folder) => ['bundle', 'alice', '-o', `${folder}/alice.tar.gz`, '--force'] },
  {
    name: 'bundle --names',
    words: (folder) => ['bundle', '--names', '../people', '-o', `${folder}/bundles`, '--force'],
  },
  {
    name: 'unbundle',
    words: (folder) => ['unbundle', '../alice.tar.gz', '--out', `${folder}/alice`, '--force'],
  },
  {
    name: 'unbundle --install',
    words: () => ['unbundle', '../alice-for.tar.gz', '--install', '--force'],
  },
  {
    name: 'context create',
    words: (_, n) => ['context', 'create', `c${n}`, '--for', 'tcp://node1:2376', '--client', 'alice'],
  },
  { name: 'context update', words: () => ['context', 'update', 'c0', '--client', 'alice'] },
  { name: 'context use', words: () => ['context', 'use', 'c0'] },
  { name: 'context remove', words: () => ['context', 'remove', 'c0', '--force'] },
  {
    name: 'ci export',
    words: (folder) => ['ci', 'export', 'ci', '--for', 'gitlab', '--out', `${folder}/ci`],
  },
  { name: 'request', words: (folder, n) => ['request', `dora${n}`, '--out', `${folder}/req`] },
  {
    name: 'daemon-config',
    words: (folder, n) =>
      `daemon-config --server node1 --config ${folder}/docker/daemon.json --listen 127.0.0.1:${2300 + n}`.split(
        ' ',
      ),
  },
  {
    name: 'daemon-config undo',
    words: (folder) => ['daemon-config', 'undo', '--config', `${folder}/docker/daemon.json`],
  },
  {
    name: 'secure',
    words: (folder, n) =>
      `secure node1 --client alice --config ${folder}/etc/daemon.json --listen 127.0.0.1:${2400 + n}`.split(
        ' ',
      ),
  },
];

describeNeeding(['root', ...TRACING], 'root at work where a second user exchanges everything', () => {
  let arena: Arena;
  const inArena = (folder: string): CliOptions => ({
    home: arena.home,
    cwd: folder,
    env: {
      DOCKER_MTLS_CA_DIR: path.join(arena.home, 'ca'),
      DOCKER_CONFIG: path.join(folder, 'docker-config'),
    },
  });

  beforeEach(async () => {
    arena = makeArena();
    const options = inArena(arena.home);
    await cliJson(['init-ca'], options);
    await cliJson(['issue-server', 'node1'], options);
    for (const name of ['alice', 'bob']) await cliJson(['issue-client', name], options);
    fs.writeFileSync(path.join(arena.home, 'arena/people'), 'alice\nbob\n');
    await cliJson(['bundle', 'alice', '-o', 'arena/alice.tar.gz'], options);
    await cliJson(['bundle', 'alice', '--for', 'node1', '-o', 'arena/alice-for.tar.gz'], options);
    for (const folder of arena.folders)
      await cli(
        ['context', 'create', 'c0', '--for', 'tcp://node1:2376', '--client', 'alice'],
        inArena(folder),
      );
  }, SLOW);
  afterEach(() => arena.close());

  test.each(COMMANDS)(
    '$name changes nothing outside of its target, and never ends as a bug',
    async ({ words }) => {
      const before = arena.guarded();
      const ended: (number | null | undefined)[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const stop = await arena.meddle(round + 1);
        try {
          for (const folder of arena.folders) {
            const { code, stderr } = await cli(words(folder, round), { ...inArena(folder), prefix: SLOWED });
            ended.push(code);
            expect({ code, stderr }).not.toMatchObject({ code: 70 });
            expect(arena.guarded()).toEqual(before);
          }
        } finally {
          await stop();
        }
      }
      expect(ended.filter((code) => code === null)).toEqual([]);
    },
    SLOW,
  );
});
