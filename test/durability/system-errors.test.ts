import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import { faultAt, traceCli, type Call } from '../support/strace.ts';
import { temporaryFolder } from '../support/temp.ts';
import { homeWithPairs } from './homes.ts';
import { inHome } from './kill-everywhere.ts';

/** How many of each command's calls fail; more for a sweep. */
const SAMPLES = Number(process.env['DOCKER_MTLS_SYSTEM_ERRORS'] ?? 2);
const SLOW = 60_000 + SAMPLES * 10_000;

const CALLS = `
  openat mkdir rename link symlink unlink rmdir statx stat lstat newfstatat access faccessat2 readlink getdents64
  write pread64 read fsync fdatasync ftruncate fchown fchmod statfs
`
  .trim()
  .split(/\s+/u);
const ERRORS: readonly `E${string}`[] = [
  'EACCES',
  'EIO',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EMFILE',
  'ENOSPC',
  'EROFS',
  'EPERM',
  'ESTALE',
];

const COMMANDS: readonly string[] = [
  'init-ca --ca-dir new',
  'issue-server node2 --out out',
  'issue-client alice',
  'issue-client bob --force',
  'bundle bob -o new.tar.gz',
  'bundle --names people --issue -o bundles',
  'unbundle bob.tar.gz --out unpacked',
  'unbundle for.tar.gz --install',
  'context create c1 --for tcp://node1:2376 --client bob',
  'context update c0 --client bob --description changed',
  'context use c0',
  'context remove c0',
  'context list',
  'ci export ci --for gitlab --out ci',
  'request carol --out request',
  'daemon-config --server node1 --config daemon.json --listen 127.0.0.1:2999',
  'daemon-config undo --config old/daemon.json',
  'secure node1 --client bob --config daemon.json --listen 127.0.0.1:2999',
  'list --all',
  'show bob',
  'env bob --for node1',
];

describeNeeding(TRACING, 'where a system call fails', () => {
  let start: string;

  beforeAll(async () => {
    start = await homeWithPairs();
    fs.writeFileSync(path.join(start, 'people'), 'dora\nemil\n');
    fs.mkdirSync(path.join(start, 'old'));
    const options = inHome(start);
    await cliJson(['bundle', 'bob', '-o', 'bob.tar.gz'], options);
    await cliJson(['bundle', 'bob', '--for', 'node1', '-o', 'for.tar.gz'], options);
    await cliJson(['context', 'create', 'c0', '--for', 'tcp://node1:2376', '--client', 'bob'], options);
    const listen = ['--listen', '127.0.0.1:2998'];
    await cliJson(['daemon-config', '--server', 'node1', '--config', 'old/daemon.json', ...listen], options);
  }, SLOW);

  test.each(COMMANDS.map((text, index) => ({ text, seed: index + 1 })))(
    '$text says what failed, and does not end as a bug',
    async ({ text, seed }) => {
      const args = [...text.split(' '), '--json'];
      const points = sample(await callsOf(args), seed);
      for (const { call, error } of points) {
        const options = { ...inHome(copyOf(start)), names: CALLS, alone: true } as const;
        const { code, stdout, stderr } = await faultAt(call, `error=${error}`, { args, options });
        const about = `${error} from ${call.text}`;
        // Not every failure is one of the command: a file that cannot be looked at may not be needed.
        const isAnswer = code === 0 || code === 3 || (code === 1 && /"code":"[A-Z_]+"/u.test(stdout));
        expect({ about, code, stdout, stderr, isAnswer }).toEqual({
          about,
          code,
          stdout,
          stderr,
          isAnswer: true,
        });
      }
    },
    SLOW,
  );

  async function callsOf(args: readonly string[]): Promise<readonly Call[]> {
    const home = copyOf(start);
    const { code, stdout, stderr, calls } = await traceCli(args, {
      ...inHome(home),
      names: CALLS,
      alone: true,
    });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    // Not those about the program itself: without a part of it, nothing can be explained.
    const isAbout = (text: string): boolean => text.replace(/AT_FDCWD<[^>]*>/u, '').includes(home);
    return calls.filter(
      ({ name, text }) => name !== 'execve' && isAbout(text) && !text.startsWith('write(1<'),
    );
  }
});

/** Some calls, by chance that is the same in every run, each with an error. */
function sample(
  calls: readonly Call[],
  seed: number,
): readonly { readonly call: Call; readonly error: `E${string}` }[] {
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: SAMPLES }, () => ({
    call: calls[next(calls.length)],
    error: ERRORS[next(ERRORS.length)] ?? 'EIO',
  })).flatMap(({ call, error }) => (call === undefined ? [] : [{ call, error }]));
}

function copyOf(start: string): string {
  const home = path.join(temporaryFolder(), 'home');
  fs.cpSync(start, home, { recursive: true });
  return home;
}
