import fs from 'node:fs';
import path from 'node:path';
import { sampleOf } from '../../durability/kill-everywhere.ts';
import { cli, type CliOptions } from '../../support/cli.ts';
import type { EngineInstall } from '../../support/engine-install.ts';
import type { Finished } from '../../support/run.ts';
import { aimFrom, faultAt, judgeHit, strikeAt, traceCli, type Call } from '../../support/strace.ts';
import { countSweep } from '../../support/sweep-counts.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { INSIDE, startMachine, type Machine } from './machine.ts';
import { fullsOf, killsOf, signature, stepsOf, type Point } from './points.ts';
import { stateOf, type PaperState } from './state.ts';

/** A change of a running engine that is struck again and again, each time from the same start. */
export type Change = {
  /** The folder of a machine whose engine serves. */
  readonly start: string;
  readonly engine: EngineInstall;
  readonly command: readonly string[];
  /** What the command may answer when it is run again after a kill, by its code, besides doing its work. */
  readonly repeatCodes?: readonly string[];
  /** Where to strike, by what is printed of it: everywhere, unless told. */
  readonly only?: RegExp;
  /** Are the registry's own steps struck too? */
  readonly inRegistry?: true;
  /** Fewer steps than when the test was written, and the tracing has missed something. */
  readonly atLeast: number;
};

const TRIES = 16;
const MISSED = 'could not be hit';
/** Of the strikes. On a busy machine some calls cannot be counted. */
const MAY_BE_MISSED = 1 / 10;
/** How many calls to strike in each way, from the beginning of the command to its end. */
const SAMPLE = process.env['DOCKER_MTLS_TEST_FAULTS'] === 'all' ? Infinity : 8;

/**
 * Runs the command once to learn its steps, then once for each of them, or for a sample: killed there; and once more with a
 * full disk there. What surrounds requests to systemd is no sample. Returns what was wrong.
 */
export async function strikeEverywhere(change: Change): Promise<readonly string[]> {
  const { points: all, outcomes } = await learn(change);
  const problems: string[] = all.length < change.atLeast ? [`only ${all.length} strikes`] : [];
  const of = (kind: Point['kind']): readonly Point[] => all.filter((point) => point.kind === kind);
  const points = [...sampleOf(of('kill'), SAMPLE), ...sampleOf(of('full'), SAMPLE), ...of('request')];
  const missed: string[] = [];
  // One after the other: they share a port.
  for (const point of points) {
    const problem = await strike(change, point, outcomes).catch((error: Error) => error.message);
    if (problem === MISSED) missed.push(`${point.name}: ${problem}`);
    else if (problem !== undefined) problems.push(`${point.name}: ${problem}`);
  }
  countSweep(`struck: ${change.command.join(' ')}`, {
    killed: points.filter(({ kind }) => kind === 'kill').length,
    full: points.filter(({ kind }) => kind === 'full').length,
    requests: points.filter(({ kind }) => kind === 'request').length,
    missed: missed.length,
    wrong: problems.length,
  });
  return missed.length > points.length * MAY_BE_MISSED ? [...problems, ...missed] : problems;
}

type Outcomes = { readonly before: PaperState; readonly after: PaperState };

async function learn(change: Change): Promise<{ points: readonly Point[]; outcomes: Outcomes }> {
  return withMachine(change, async (machine) => {
    const before = stateOf(machine);
    const { code, stdout, stderr, calls } = await traceCli([...change.command, '--json'], options(machine));
    if (code !== 0) throw new Error(`the command fails undisturbed: ${stderr}${stdout}`);
    const steps = stepsOf(calls, change.inRegistry === true);
    const requests = machine.asked.flatMap((asked, nth) =>
      asked.startsWith('reset-failed')
        ? []
        : (['before', 'after'] as const).map((when) => ({
            kind: 'request' as const,
            nth,
            when,
            name: `killed ${when} systemctl ${asked}`,
          })),
    );
    const all = [...killsOf(steps, calls), ...fullsOf(steps, calls), ...requests];
    const points = all.filter(({ name }) => change.only?.test(name) !== false);
    return { points, outcomes: { before, after: stateOf(machine) } };
  });
}

function options({ home, prefix }: Machine): CliOptions & { readonly alone: true } {
  const folders = `${INSIDE}/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const env = { HOME: INSIDE, DOCKER_MTLS_CA_DIR: `${INSIDE}/ca`, TMPDIR: `${INSIDE}/tmp`, PATH: folders };
  return { home, env, prefix, alone: true };
}

/** Runs docker-mtls in a machine. */
export function runIn(machine: Machine, args: readonly string[]): Promise<Finished> {
  const { alone: _, ...rest } = options(machine);
  return cli(args, rest);
}

async function withMachine<T>({ start, engine }: Change, work: (machine: Machine) => Promise<T>): Promise<T> {
  const home = path.join(temporaryFolder(), 'm');
  fs.cpSync(start, home, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !fs.lstatSync(file).isSocket(),
  });
  const machine = await startMachine(home, engine);
  try {
    return await work(machine);
  } finally {
    await machine.close();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

async function strike(change: Change, point: Point, outcomes: Outcomes): Promise<string | undefined> {
  let nth = 'chance' in point ? point.chance.nth : 0;
  const aim = aimFrom(nth);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const result = await withMachine(change, async (machine) => {
      const struck = await strikeOnce(machine, change, { point, nth });
      if (!struck.isHit) return { seen: struck.seen };
      return { problem: await judge(machine, change, { point, outcomes, finished: struck.finished }) };
    });
    if (!('seen' in result)) return result.problem;
    nth = aim(result.seen);
  }
  return MISSED;
}

/** `seen`: the number that the call had in a run that came to it, and was struck elsewhere. */
type Struck =
  | { readonly isHit: true; readonly finished: Finished }
  | { readonly isHit: false; readonly seen: number | undefined };

async function strikeOnce(
  machine: Machine,
  change: Change,
  { point, nth }: { readonly point: Point; readonly nth: number },
): Promise<Struck> {
  const args = [...change.command, '--json'];
  if (point.kind === 'request') {
    machine.killAsker(point.nth, point.when);
    return { isHit: true, finished: await runIn(machine, args) };
  }
  if ('chance' in point) return strikeByCount(machine, change, { args, point, nth });
  const fault = point.kind === 'kill' ? 'signal=KILL' : 'error=ENOSPC';
  const { isHit, ...finished } = await strikeAt(point.call, fault, { args, options: options(machine) });
  return isHit ? { isHit, finished } : { isHit, seen: undefined };
}

/** strace counts all calls of a name, and a few come by chance: whether the right one was hit shows in the trace. */
async function strikeByCount(
  machine: Machine,
  change: Change,
  {
    args,
    point: { kind, chance, made },
    nth,
  }: {
    readonly args: readonly string[];
    readonly point: Extract<Point, { chance: Call }>;
    readonly nth: number;
  },
): Promise<Struck> {
  const fault = kind === 'kill' ? 'signal=KILL' : 'error=ENOSPC';
  const at = { name: chance.name, nth };
  const { calls, trace: _, ...finished } = await faultAt(at, fault, { args, options: options(machine) });
  const steps = stepsOf(calls, change.inRegistry === true);
  const { isHit, seen } = judgeHit(steps, { isKill: kind === 'kill', made, signature });
  return isHit ? { isHit, finished } : { isHit, seen };
}

type Judged = { readonly point: Point; readonly outcomes: Outcomes; readonly finished: Finished };

async function judge(
  machine: Machine,
  change: Change,
  { point, outcomes, finished }: Judged,
): Promise<string | undefined> {
  const refusal = machine.refusal();
  if (refusal !== undefined) return `no engine would start: ${refusal}`;
  if (point.kind === 'full') {
    const wrong = full(machine, outcomes, finished);
    if (wrong !== 'repeat') return wrong;
  } else if (point.kind === 'request') await machine.restart();
  return again(machine, change, outcomes);
}

/** On a full disk, all is done or nothing is, at once; or the way back was barred too, which is said, and a repeat goes on. */
function full(
  machine: Machine,
  { before, after }: Outcomes,
  { code, stdout, stderr }: Finished,
): string | undefined {
  type Refusal = { readonly code: string; readonly message: string };
  const answer = JSON.parse(stdout) as { readonly error?: Refusal; readonly failed?: readonly Refusal[] };
  // `renew` goes on after a pair that failed, and lists it.
  const said = { error: answer.error ?? answer.failed?.[0] };
  if (code === 70 || stderr.includes('bug')) return `ended as a bug: ${stderr}`;
  if (said.error?.code === 'HOST_BROKEN') return 'repeat';
  const expected = code === 0 ? after : before;
  return (
    difference(stateOf(machine), [expected]) ??
    (code === 0 || /space|full/u.test(said.error?.message ?? '') ? undefined : stdout)
  );
}

async function again(
  machine: Machine,
  { command, repeatCodes = [] }: Change,
  { before, after }: Outcomes,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await runIn(machine, [...command, '--json']);
  const { error } = JSON.parse(stdout) as { readonly error?: { readonly code: string } };
  if (code !== 0 && !repeatCodes.includes(error?.code ?? '')) return `the repeat: ${stdout}${stderr}`;
  return difference(stateOf(machine), repeatCodes.length > 0 ? [before, after] : [after]);
}

function difference(state: PaperState, expected: readonly PaperState[]): string | undefined {
  const texts = expected.map((each) => JSON.stringify(each, undefined, 1));
  const text = JSON.stringify(state, undefined, 1);
  if (texts.includes(text)) return undefined;
  const [wanted = ''] = texts;
  const [lines, others] = [text.split('\n'), wanted.split('\n')];
  return `differs: ${without(lines, others).join('')} instead of ${without(others, lines).join('')}`;
}

/** What remains of lines, each as often as it is there more often than among the others. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const at = rest.indexOf(line);
    if (at !== -1) rest.splice(at, 1);
    return at === -1;
  });
}
