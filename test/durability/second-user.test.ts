import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cli, cliJson, type CliOptions } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { countSweep } from '../support/sweep-counts.ts';
import { temporaryFolder } from '../support/temp.ts';
import { makeArena } from './second-user/arena.ts';

/** How many seeds each command is tried with, in each folder; 0: one, in one of the folders. */
const SWEEP = Number(process.env['DOCKER_MTLS_TEST_SEEDS'] ?? 0);
const TRIES = 6;
const SLOW = 120_000 + SWEEP * 60_000;

/** Each command that writes, at work in a folder; `before` is done by root, undisturbed. */
type Command = {
  readonly words: string;
  readonly before?: readonly string[];
  /** One of those that also have to be led elsewhere when they work by plain paths. */
  readonly isSample?: true;
  /** Refused before anything is written, in a folder that others can change. */
  readonly isRefused?: true;
};

const CONTEXT = 'context create c0 --for tcp://node1:2376 --client alice';
const SECURE = 'secure node1 --client alice --config etc/daemon.json --listen 127.0.0.1:2376';

const COMMANDS: readonly Command[] = [
  { words: 'init-ca --ca-dir ca', isRefused: true },
  { words: 'issue-server node9 --out out', isRefused: true },
  { words: 'issue-client carol --out new/out', isSample: true },
  {
    words: 'issue-client alice --out out --force',
    before: ['issue-client alice --out out --force'],
  },
  { words: 'bundle alice -o alice.tar.gz --force', isSample: true },
  { words: 'bundle --names ../../people -o bundles' },
  { words: 'unbundle ../../alice.tar.gz --out new/alice', isSample: true },
  { words: 'unbundle ../../alice-for.tar.gz --out alice --force', before: ['unbundle ../../alice.tar.gz'] },
  { words: 'unbundle ../../alice-for.tar.gz --install' },
  { words: CONTEXT, isSample: true },
  { words: 'context update c0 --client bob', before: [CONTEXT] },
  { words: 'context use c0', before: [CONTEXT] },
  { words: 'context remove c0', before: [CONTEXT] },
  { words: 'ci export ci --for gitlab --engine uat=tcp://node1:2376 --out ci', isSample: true },
  { words: 'request dora --out req', isSample: true },
  { words: 'daemon-config --server node1 --config docker/daemon.json', isRefused: true },
  {
    words: 'daemon-config undo --config docker/daemon.json',
    before: ['daemon-config --server node1 --config docker/daemon.json'],
    isRefused: true,
  },
  { words: SECURE, isRefused: true },
  // The engine's files are where nobody else can write, and the bundle goes to this folder.
  { words: SECURE.replace('etc/', '../../') },
  { words: `${SECURE} --out secure-out`, isRefused: true },
];

describeNeeding(['root'], 'root at work where a second user exchanges everything', () => {
  let start: string;

  beforeAll(async () => {
    start = path.join(temporaryFolder(), 'home');
    fs.mkdirSync(path.join(start, 'arena'), { recursive: true });
    const options = { home: start, env: { DOCKER_MTLS_CA_DIR: path.join(start, 'ca') } };
    await cliJson(['init-ca'], options);
    await cliJson(['issue-server', 'node1'], options);
    for (const name of ['alice', 'bob']) await cliJson(['issue-client', name], options);
    fs.writeFileSync(path.join(start, 'arena/people'), 'alice\nbob\n');
    await cliJson(['bundle', 'alice', '-o', 'arena/alice.tar.gz'], { ...options, cwd: start });
    await cliJson(['bundle', 'alice', '--for', 'node1', '-o', 'arena/alice-for.tar.gz'], {
      ...options,
      cwd: start,
    });
  }, SLOW);

  test.each(COMMANDS.map((command, index) => ({ ...command, index })))(
    '$words changes nothing outside of its target, and never ends as a bug',
    async ({ index, ...command }) => {
      const counts = { runs: 0, done: 0, refused: 0 };
      for (const run of SWEEP === 0 ? [{ folder: index % 3, seed: index + 1 }] : runsOf(SWEEP)) {
        const { code, ...found } = await attack(start, command, run);
        expect({ run, code, ...found }).toEqual({
          run,
          code: code === 0 ? 0 : 1,
          isChanged: false,
          leaks: [],
          stderr: expect.not.stringMatching(/\bbug\b/u),
        });
        counts.runs += 1;
        counts[code === 0 ? 'done' : 'refused'] += 1;
      }
      countSweep(`a second user: ${command.words}`, counts);
    },
    SLOW,
  );

  /** What the tests above are worth: without held directories, this user leads the commands elsewhere. */
  test.each(COMMANDS.filter(({ isRefused, isSample }) => isRefused !== true && (SWEEP > 0 || isSample)))(
    '$words is led elsewhere by plain paths',
    async (command) => {
      const seen: unknown[] = [];
      for (let seed = 1; seed <= TRIES; seed += 1) {
        const { isChanged, ...rest } = await attack(start, command, { folder: 0, seed }, true);
        if (isChanged) return;
        seen.push(rest);
      }
      expect(seen).toBe('led elsewhere');
    },
    SLOW,
  );
});

type Run = { readonly folder: number; readonly seed: number };

function runsOf(sweep: number): readonly Run[] {
  return Array.from({ length: sweep * 3 }, (_, index) => ({ folder: index % 3, seed: index + 1 }));
}

type Attacked = {
  readonly isChanged: boolean;
  /** Copies of what only root can read. */
  readonly leaks: readonly string[];
  readonly code: number | undefined;
  readonly stderr: string;
};

async function attack(
  start: string,
  { words, before = [] }: Command,
  run: Run,
  isPlain = false,
): Promise<Attacked> {
  const arena = makeArena(start);
  const options: CliOptions = arena.options(arena.folders[run.folder] ?? '');
  for (const each of before) await cliJson(each.split(' '), options);
  arena.letIn();
  const guarded = JSON.stringify(arena.guarded());
  const meddler = arena.meddle(options, { seed: run.seed, isPlain });
  try {
    const { code, stderr } = await cli(words.split(' '), meddler.options);
    // Who is still at work moves what is looked at.
    await meddler.stop();
    const isChanged = JSON.stringify(arena.guarded()) !== guarded;
    return { isChanged, leaks: arena.leaks(), code, stderr };
  } finally {
    await meddler.stop();
    arena.close();
  }
}
