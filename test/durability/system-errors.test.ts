import fs from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { seeded } from '../policy/random.ts';
import { cli, cliJson } from '../support/cli.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { TRACING } from '../support/needs.ts';
import type { Finished } from '../support/run.ts';
import { faultAt, traceCli, type Call } from '../support/strace.ts';
import { countSweep } from '../support/sweep-counts.ts';
import { temporaryFolder } from '../support/temp.ts';
import { isRepairable, isWhole } from './ca-repair.ts';
import { inHome } from './kill-everywhere.ts';
import { copyOf, homeToWriteIn, WRITING_COMMANDS } from './writing-commands.ts';

/** How many of each command's calls fail; more for a sweep. `all`: each that changes the disk, with a full and a failing one. */
const SWEEP = process.env['DOCKER_MTLS_SYSTEM_ERRORS'];
const SAMPLES = Number(SWEEP === 'all' ? 350 : (SWEEP ?? 2));
/** How many strikes of a sweep run side by side. */
const AT_ONCE = SWEEP === undefined ? 1 : 2;
const SLOW = 60_000 + SAMPLES * 10_000;

const CALLS = `
  openat mkdir rename link symlink unlink rmdir statx stat lstat newfstatat access faccessat2 readlink getdents64
  write pwrite64 pread64 read fsync fdatasync ftruncate fchown fchmod statfs
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

const CHANGES =
  /^(?:openat\(.*O_CREAT|mkdir|rename|link|symlink|unlink|rmdir|p?write|fsync|fdatasync|ftruncate)/u;

/** Commands that change the CA itself: whatever fails, the directory is whole, or a repair makes it so. */
const CARES_FOR_CA = /^(?:renew|revoke|crl|ca (?!backup))/u;

/** What a repeat is answered where the work was done, and the failure came after it. */
const DONE_BEFORE =
  /"code":"[A-Z_]*(?:EXISTS|TAKEN|ROTATING|ROTATION_NOT_PREPARED|ROTATION_NOT_SWITCHED|NOTHING_TO_UNDO|CONTEXT_NOT_FOUND)"/u;

type Tried = { readonly text: string; readonly before: readonly string[] };

const ALONE: readonly Tried[] = WRITING_COMMANDS.map((text) => ({ text, before: [] }));

/** The later stages of a rotation come after the first. */
const STAGES: readonly Tried[] = [
  { text: 'ca rotate switch', before: ['ca rotate prepare'] },
  {
    text: 'ca rotate retire bob node1',
    before: ['ca rotate prepare', 'ca rotate switch', 'renew bob node1'],
  },
];

type Failing = Finished & { readonly home: string };

describeNeeding(TRACING, 'where a system call fails', () => {
  let prepared: string;

  beforeAll(async () => {
    prepared = await homeToWriteIn();
  }, SLOW);

  test.each([...ALONE, ...STAGES].map((each, index) => ({ ...each, seed: index + 1 })))(
    '$text says what failed, and does not end as a bug',
    async ({ text, before, seed }) => {
      const start = copyOf(prepared, temporaryFolder());
      for (const words of before) await cliJson(words.split(' '), inHome(start));
      const args = [...text.split(' '), '--json'];
      const calls = await callsOf(start, args);
      const strikes = SWEEP === 'all' ? everyChange(calls) : sample(calls, seed);
      const { wrong, ...counts } = await strikeAll({ start, text, args }, strikes);
      countSweep(`failing: ${text}`, { calls: calls.length, ...counts, wrong: wrong.length });
      expect(wrong).toEqual([]);
      expect(counts.reached).toBeGreaterThan(0);
    },
    SLOW,
  );
});

type Struck = { readonly start: string; readonly text: string; readonly args: readonly string[] };

type Outcome = Record<'reached' | 'missed' | 'done' | 'refused', number> & { readonly wrong: object[] };

/** Strikes a command again and again. Several strikes of a sweep run side by side, each in a home of its own. */
async function strikeAll({ start, text, args }: Struck, strikes: readonly FailingCall[]): Promise<Outcome> {
  const outcome: Outcome = { reached: 0, missed: 0, done: 0, refused: 0, wrong: [] };
  const left = [...strikes];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const failing = await failingAt(start, next, args);
      outcome[failing === undefined ? 'missed' : 'reached'] += 1;
      if (failing === undefined) continue;
      outcome[failing.code === 0 ? 'done' : 'refused'] += 1;
      const problem = isAnswer(failing) ? await followUp(failing, text).catch(asProblem) : failing;
      if (problem !== undefined)
        outcome.wrong.push({ about: `${next.error} from ${next.call.text}`, ...problem });
      // All homes of a sweep would fill a disk.
      fs.rmSync(failing.home, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcome;
}

/**
 * strace counts the calls of a name, and a busy machine makes some more of them (reads of an event loop that was
 * woken twice): run again until the fault was about the command's own files, as it was in the first trace.
 * Undefined where five runs did not reach it.
 */
async function failingAt(
  start: string,
  { call, error }: FailingCall,
  args: readonly string[],
): Promise<Failing | undefined> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const home = copyOf(start, temporaryFolder());
    const options = { ...inHome(home), names: CALLS, alone: true } as const;
    const { trace, ...finished } = await faultAt(call, `error=${error}`, { args, options });
    const struck = trace.split('\n').find((line) => line.endsWith('(INJECTED)'));
    if (struck !== undefined && isAbout(struck, home)) return { ...finished, home };
  }
  return undefined;
}

async function callsOf(start: string, args: readonly string[]): Promise<readonly Call[]> {
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

/** What is wrong with what a command has left, and with the same one where nothing fails any more: its work is done, or was. */
async function followUp(failing: Failing, text: string): Promise<object | undefined> {
  const { code, home } = failing;
  if (code === 1 && CARES_FOR_CA.test(text)) await isRepairable(home);
  const repeat = code === 1 ? await cli([...text.split(' '), '--json'], inHome(home)) : undefined;
  const isWell = repeat === undefined || repeat.code === 0 || DONE_BEFORE.test(repeat.stdout);
  if (!isWell) return { first: failing.stdout, repeat };
  if (CARES_FOR_CA.test(text)) await isWhole(home, repeat?.code === 0 ? 'check' : 'repair');
  return undefined;
}

function asProblem({ message }: Error): object {
  return { message };
}

/** Not every failure is one of the command: a file that cannot be looked at may not be needed. */
function isAnswer({ code, stdout }: Finished): boolean {
  return code === 0 || code === 3 || (code === 1 && /"code":"[A-Z_]+"/u.test(stdout));
}

function isAbout(text: string, home: string): boolean {
  return text.replace(/AT_FDCWD<[^>]*>/u, '').includes(home);
}

type FailingCall = { readonly call: Call; readonly error: `E${string}` };

function everyChange(calls: readonly Call[]): readonly FailingCall[] {
  const changes = calls.filter(({ text }) => CHANGES.test(text));
  return changes.flatMap((call) => (['ENOSPC', 'EIO'] as const).map((error) => ({ call, error })));
}

/** Some calls, by chance that is the same in every run, each with an error; none twice before all had their turn. */
function sample(calls: readonly Call[], seed: number): readonly FailingCall[] {
  const random = seeded(seed);
  let left: Call[] = [];
  return Array.from({ length: calls.length === 0 ? 0 : SAMPLES }, () => {
    if (left.length === 0) left = [...calls];
    const [call] = left.splice(random.below(left.length), 1) as [Call];
    return { call, error: ERRORS[random.below(ERRORS.length)] ?? 'EIO' };
  });
}
