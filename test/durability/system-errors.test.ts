import { beforeAll, expect, test } from '@jest/globals';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
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
      for (const { call, error } of points) {
        const options = { ...inHome(copyOf(start, temporaryFolder())), names: CALLS, alone: true } as const;
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
    const home = copyOf(start, temporaryFolder());
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
