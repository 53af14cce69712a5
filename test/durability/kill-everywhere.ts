import fs from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { seeded } from '../policy/random.ts';
import { cli, type CliOptions } from '../support/cli.ts';
import type { Finished } from '../support/run.ts';
import { changesBelow, killAt, traceCli, type Call } from '../support/strace.ts';
import { countSweep } from '../support/sweep-counts.ts';
import { temporaryFolder } from '../support/temp.ts';
import { alike, treeOf } from '../support/tree.ts';

/** A command that is killed again and again, each time from the same start. */
export type Scenario = {
  /** The home folder that every run starts with a copy of; the CA is in `ca` of it. */
  readonly start: string;
  readonly command: readonly string[];
  /** How many calls there must be to kill at; with fewer than when the test was written, the tracing missed some. */
  readonly atLeast: number;
  /** How many of them a sample has, where that is fewer than usual. */
  readonly sample?: number;
  /** What must hold right after the kill. Throws what does not. */
  readonly afterKill: (home: string) => Promise<void>;
  /** What must hold after the same command was run again. */
  readonly afterRepeat: (home: string, repeat: Finished) => Promise<void>;
  /** Last of all, to see that what is there can be used; this may be what repairs the last of it. */
  readonly stillWorks?: (home: string) => Promise<void>;
};

/** At how many calls each command is killed in a sweep: `all`, or a number. */
const SWEEP = process.env['DOCKER_MTLS_TEST_KILLS'];
export const IS_SWEEP = SWEEP !== undefined;
/** That number; fewer, where a sample of one has fewer. */
export function killsOf(sample = 8): number {
  return SWEEP === 'all' ? Infinity : Number(SWEEP ?? sample);
}
const SEED = 1;
const AT_ONCE = 2;
const TRIES = 15;
/** Which part of the calls may be missed, because their number changes with the processes of the machine. */
const MAY_BE_MISSED = 1 / 4;

const MISSED = 'this call could not be hit';

/** What `docker-mtls` is run with in a home folder. */
export function inHome(home: string): CliOptions {
  return { home, env: { DOCKER_MTLS_CA_DIR: path.join(home, 'ca'), TMPDIR: path.join(home, 'tmp') } };
}

/**
 * Runs a command once to learn which calls change the disk, then once for each of them, or for a sample of them, killed
 * when it enters that call. In the end, after the repeat, the same files must be there as after a run that nobody disturbed.
 * Returns what was wrong.
 */
export async function killEverywhere(scenario: Scenario): Promise<readonly string[]> {
  const home = copyOf(scenario.start);
  const { code, stderr, calls } = await traceCli(scenario.command, inHome(home));
  if (code !== 0) throw new Error(`the command fails undisturbed: ${stderr}`);
  await scenario.stillWorks?.(home);
  const all = pointsOf(changesBelow(home, calls), home, finalTree(home));
  const problems: string[] = all.length < scenario.atLeast ? [`only ${all.length} calls to kill at`] : [];
  const points = sampleOf(
    all.filter(({ call }) => !isReport(call)),
    killsOf(scenario.sample),
  );
  const tried = points.length;
  const most = Math.floor(tried * MAY_BE_MISSED);
  const missed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let point = points.pop(); point !== undefined; point = points.pop()) {
      const problem = await killOnce(scenario, point);
      const at = point.made.at(-1) ?? '';
      if (problem === MISSED) missed.push(`${at} could not be hit`);
      else if (problem !== undefined) problems.push(`killed at ${at}: ${problem}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  countSweep(`killed: ${scenario.command.join(' ')}`, {
    calls: all.length,
    struck: tried - missed.length,
    missed: missed.length,
    wrong: problems.length,
  });
  return missed.length > most ? [...problems, ...missed] : problems;
}

/** A call to be killed at; what is `made` by then, itself included; and the tree that must be there in the end. */
type Point = { readonly call: Call; readonly made: readonly string[]; readonly tree: readonly string[] };

/** One from each of equally long parts of the command, so that every step of it is killed; the same ones in every run. */
export function sampleOf<T>(points: readonly T[], kills: number): T[] {
  const random = seeded(SEED);
  const parts = Math.min(kills, points.length);
  const start = (part: number): number => Math.floor((part * points.length) / parts);
  return Array.from({ length: parts }, (_, part) => start(part) + random.below(start(part + 1) - start(part)))
    .map((at) => points[at])
    .filter((point) => point !== undefined);
}

function pointsOf(calls: readonly Call[], home: string, tree: readonly string[]): Point[] {
  const made = calls.map((call) => signature(call, home));
  return calls
    .map((call, index) => ({ call, made: made.slice(0, index + 1), tree }))
    .filter(({ call }, index) => hasChanged(calls[index - 1]) && !isUnfinished(call));
}

/**
 * How much of a file is written makes no difference while nobody knows its name, or its generation is not in force;
 * and writes are hard to count on a busy machine.
 */
export function isUnfinished({ name, text }: Call): boolean {
  return /^p?write/u.test(name) && /\.partial|\/\.gen-/u.test(text);
}

/** What the command prints may name files, and changes none; by then all is done. */
function isReport({ text }: Call): boolean {
  return /^write\([12]</u.test(text);
}

/** What was killed after a call that changed nothing was killed in the same state as if at that call. */
export function hasChanged(before: Call | undefined): boolean {
  return (
    before === undefined ||
    !(/^(?:fsync|fdatasync)$/u.test(before.name) || / = -1 E[A-Z]+ /u.test(before.text))
  );
}

async function killOnce(scenario: Scenario, { call, made, tree }: Point): Promise<string | undefined> {
  try {
    const home = await killedHome(scenario, call, made);
    await scenario.afterKill(home);
    const repeat = await cli([...scenario.command, '--json'], inHome(home));
    await scenario.afterRepeat(home, repeat);
    await scenario.stillWorks?.(home);
    expect(finalTree(home)).toEqual(tree);
    fs.rmSync(home, { recursive: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * strace counts all calls of a name, and some of them come by chance: a thread that is woken, or every process of the
 * machine that is looked at. Whether the right one was hit shows in the trace; if not, the run is made again with what
 * this one counted, or with a higher number where it did not come so far.
 */
async function killedHome(scenario: Scenario, call: Call, made: readonly string[]): Promise<string> {
  let nth = call.nth;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const home = copyOf(scenario.start);
    const { signal, calls } = await killAt({ ...call, nth }, scenario.command, inHome(home));
    const changes = changesBelow(home, calls);
    const seen = changes.map((each) => signature(each, home));
    if (signal === 'SIGKILL' && seen.join('\n') === made.join('\n')) return home;
    nth = changes[made.length - 1]?.nth ?? nth + 2 ** Math.min(attempt, 10);
    fs.rmSync(home, { recursive: true });
  }
  throw new Error(MISSED);
}

/**
 * What a command leaves: its files, but not what is in the temporary folder (where no key may be), and not SQLite's
 * journal, which is kept, with its head cut off, until the next change. A repeat with --force sets one pair more aside,
 * and then the earlier of the two generations that a pair keeps is not the copy of an earlier release's files.
 */
function finalTree(home: string): readonly string[] {
  const counted = treeOf(home).filter((line) => !/ (?:tmp\/|ca\/registry\.db-journal$)/u.test(line));
  return [...new Set(counted.map((line) => line.replace('/.gen-RANDOM', '/.gen-SERIAL')))].toSorted();
}

function copyOf(start: string): string {
  const home = path.join(temporaryFolder(), 'home');
  fs.cpSync(start, home, { recursive: true, verbatimSymlinks: true });
  return home;
}

/** The name of a call and the paths that it is about, without what differs from run to run. */
function signature({ name, text }: Call, home: string): string {
  const paths = alike(text.replaceAll(home, 'HOME')).match(/HOME[^">,\\]*/gu) ?? [];
  return `${name} ${paths.slice(0, 2).join(' ')}`;
}
