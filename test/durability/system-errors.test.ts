import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import type { Finished } from '../support/run.ts';
import { faultAt, traceCli, type Call } from '../support/strace.ts';
import { temporaryFolder } from '../support/temp.ts';
import { inHome } from './kill-everywhere.ts';
import { copyOf, homeToWriteIn, WRITING_COMMANDS } from './writing-commands.ts';

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

describeNeeding(TRACING, 'where a system call fails', () => {
  let start: string;

  beforeAll(async () => {
    start = await homeToWriteIn();
  }, SLOW);

  test.each(WRITING_COMMANDS.map((text, index) => ({ text, seed: index + 1 })))(
    '$text says what failed, and does not end as a bug',
    async ({ text, seed }) => {
      const args = [...text.split(' '), '--json'];
      const points = sample(await callsOf(args), seed);
      let reached = 0;
      for (const { call, error } of points) {
        const failing = await failingAt(call, error, args);
        if (failing === undefined) continue;
        reached += 1;
        const { code, stdout, stderr } = failing;
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
      expect(reached).toBeGreaterThan(0);
    },
    SLOW,
  );

  /**
   * strace counts the calls of a name, and a busy machine makes some more of them (reads of an event loop that was
   * woken twice): run again until the fault was about the command's own files, as it was in the first trace.
   * Undefined where five runs did not reach it.
   */
  async function failingAt(
    call: Call,
    error: `E${string}`,
    args: readonly string[],
  ): Promise<Finished | undefined> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const home = copyOf(start, temporaryFolder());
      const options = { ...inHome(home), names: CALLS, alone: true } as const;
      const { trace, ...finished } = await faultAt(call, `error=${error}`, { args, options });
      const struck = trace.split('\n').find((line) => line.endsWith('(INJECTED)'));
      if (struck !== undefined && isAbout(struck, home)) return finished;
    }
    return undefined;
  }

  async function callsOf(args: readonly string[]): Promise<readonly Call[]> {
    const home = copyOf(start, temporaryFolder());
    const { code, stdout, stderr, calls } = await traceCli(args, {
      ...inHome(home),
      names: CALLS,
      alone: true,
    });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    // Not those about the program itself: without a part of it, nothing can be explained.
    return calls.filter(
      ({ name, text }) => name !== 'execve' && isAbout(text, home) && !text.startsWith('write(1<'),
    );
  }
});

function isAbout(text: string, home: string): boolean {
  return text.replace(/AT_FDCWD<[^>]*>/u, '').includes(home);
}

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
