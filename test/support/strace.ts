import fs from 'node:fs';
import path from 'node:path';
import { cli, PROGRAM, type CliOptions } from './cli.ts';
import { NoEnd, type Finished } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** Calls that change what is on the disk. Between two of them a kill always leaves the same state. */
const CHANGING = `
  openat mkdir mkdirat write pwrite64 writev copy_file_range ftruncate fsync fdatasync
  rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir
  chmod fchmod fchmodat chown fchown utimensat
`
  .trim()
  .split(/\s+/u);

/**
 * glibc gives the memory of other threads back now and then, and opens a file for that: with one arena, the calls of the
 * main thread are the same in every run, and can be counted.
 */
const ONE_ARENA = ['-E', 'MALLOC_ARENA_MAX=1'] as const;

/** One system call of the program's main thread. */
export type Call = {
  readonly name: string;
  /** Which one of that name it was, from 1, as strace counts. */
  readonly nth: number;
  /** How strace prints it, with the path of each descriptor. */
  readonly text: string;
  /** Does it name a file by the descriptor of its directory? Then strace cannot tell which file it is about. */
  readonly isByDescriptor?: boolean;
};

/** A finished command with the calls that it made; also one that did not end, and so was. */
export type Traced = Finished & { readonly calls: readonly Call[]; readonly trace: string };

/** Whether the programs that it starts are traced too, and struck by what is meant for it: they are, unless told. */
export type TraceOptions = CliOptions & {
  readonly alone?: true;
  /** Which calls are noted, instead of those that change the disk. */
  readonly names?: readonly string[];
  /** A folder for the traces, as strace and as the test sees it, where strace runs on another machine. */
  readonly traces?: { readonly inside: string; readonly outside: string };
};

/** Runs a command of docker-mtls and notes every call that changes the disk. */
export function traceCli(args: readonly string[], options: TraceOptions): Promise<Traced> {
  return traced(args, options, []);
}

/** Runs it again, and kills it when it enters that call: the call itself is not carried out. */
export function killAt(call: Call, args: readonly string[], options: TraceOptions): Promise<Traced> {
  return faultAt(call, 'signal=KILL', { args, options });
}

/** Runs it again, and strikes it at that call, which strace finds by its number. */
export function faultAt(
  { name, nth }: Pick<Call, 'name' | 'nth'>,
  fault: Fault,
  { args, options }: { readonly args: readonly string[]; readonly options: TraceOptions },
): Promise<Traced> {
  return traced(args, options, ['-e', `inject=${name}:${fault}:when=${nth}`]);
}

/**
 * Says at which number to strike next, where a strike at `first` has missed: at the number that the call had in the run that
 * was struck elsewhere, if it came to that; else at the neighbours of the last one that is known, further and further away.
 */
export function aimFrom(first: number): (seen: number | undefined) => number {
  let centre = first;
  let step = 0;
  return (seen) => {
    step = seen === undefined || seen === centre ? step + 1 : 0;
    centre = seen ?? centre;
    const distance = Math.ceil(step / 2);
    return Math.max(1, step % 2 === 1 ? centre + distance : centre - distance);
  };
}

/** Where a struck command was to be hit: how it is struck, and what it has done by then, the struck call included. */
export type Aimed = {
  readonly isKill: boolean;
  readonly made: readonly string[];
  readonly signature: (call: Call) => string;
};

/**
 * Was it hit there, by the changes that it made? `seen` is the number that the call had in a run that came to it, also where
 * that was struck elsewhere.
 */
export function judgeHit(
  changes: readonly Call[],
  { isKill, made, signature }: Aimed,
): { readonly isHit: boolean; readonly seen: number | undefined } {
  const come = changes.slice(0, made.length);
  const last = come.at(-1);
  if (come.map(signature).join('\n') !== made.join('\n')) return { isHit: false, seen: undefined };
  // What is killed does nothing more; what fails goes on.
  const isHit = isKill ? changes.length === made.length : last?.text.includes('(INJECTED)') === true;
  return { isHit, seen: last?.nth };
}

/** A call about a path that is the same in every run, and the how manyeth of that name about it. */
export type PathCall = { readonly name: string; readonly path: string; readonly nth: number };

export type Fault = 'signal=KILL' | `error=E${string}`;

/** Runs it again, and strikes it at that call: strace counts the calls about that path alone. Was it hit? */
export async function strikeAt(
  { name, path: about, nth }: PathCall,
  fault: Fault,
  { args, options }: { readonly args: readonly string[]; readonly options: CliOptions },
): Promise<Finished & { readonly isHit: boolean }> {
  const file = path.join(temporaryFolder(), 't');
  const flags = [
    ...ONE_ARENA,
    '-qq',
    '-o',
    file,
    '-P',
    about,
    '-e',
    `trace=${name}`,
    '-e',
    `inject=${name}:${fault}:when=${nth}`,
  ];
  const finished = await cli(args, { ...options, prefix: [...(options.prefix ?? []), 'strace', ...flags] });
  // strace ends as its program did; the first process of a name space cannot, and says so by number.
  const isKilled = finished.signal === 'SIGKILL' || finished.code === 137;
  const isHit = fault === 'signal=KILL' ? isKilled : fs.readFileSync(file, 'utf8').includes('(INJECTED)');
  return { ...finished, isHit };
}

async function traced(
  args: readonly string[],
  { alone, names = CHANGING, traces: place, ...options }: TraceOptions,
  inject: readonly string[],
): Promise<Traced> {
  const folder = place?.outside ?? temporaryFolder();
  const flags = [
    ...ONE_ARENA,
    ...(alone === true ? [] : ['-ff']),
    '-qq',
    '-y',
    '-s',
    '100000',
    '-o',
    path.join(place?.inside ?? folder, 't'),
  ];
  const prefix = [
    ...(options.prefix ?? []),
    'strace',
    ...flags,
    '-e',
    `trace=${names.join(',')},execve`,
    ...inject,
  ];
  const finished = await cli(args, { ...options, prefix, group: true }).catch(whatHung);
  const files = fs.readdirSync(folder).map((file) => path.join(folder, file));
  const traces = files.map((file) => withRealPaths(fs.readFileSync(file, 'utf8')));
  const main = traces.find(
    ([first]) => first?.text.startsWith('execve(') && first.text.includes(`"${PROGRAM.at(-1)}"`),
  );
  if (main === undefined) throw new Error(`nothing was traced: ${finished.stderr}`);
  return {
    ...finished,
    calls: parseCalls(main),
    trace: traces
      .flat()
      .map(({ text }) => text)
      .join('\n'),
  };
}

/** What is struck may be a call of Node's own, without which it hangs: which one it was shows in the trace. */
function whatHung(error: unknown): Finished {
  if (error instanceof NoEnd) return { ...error.printed, code: undefined, signal: 'none: it did not end' };
  throw error;
}

type Line = { readonly text: string; readonly isByDescriptor: boolean };

/** The program works through `/proc/self/fd/N/NAME`: what N is open on is what strace said when it was opened. */
function withRealPaths(trace: string): readonly Line[] {
  const open = new Map<string, string>();
  return trace.split('\n').map((line) => {
    const text = line.replaceAll(
      /"\/proc\/self\/fd\/(\d+)(?:\/\.)?(?=[/"])/gu,
      (named, descriptor: string) => (open.has(descriptor) ? `"${open.get(descriptor) ?? ''}` : named),
    );
    const [, number, file] = / = (\d+)<(\/[^>]*)>$/u.exec(line) ?? [];
    if (number !== undefined && file !== undefined) open.set(number, file === '/' ? '' : file);
    return { text, isByDescriptor: text !== line };
  });
}

function parseCalls(lines: readonly Line[]): readonly Call[] {
  const seen = new Map<string, number>();
  return lines.flatMap((line) => {
    const name = /^([a-z0-9_]+)\(/u.exec(line.text)?.[1];
    if (name === undefined) return [];
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return [{ name, nth, ...line }];
  });
}

/** The calls that changed something below a folder. */
export function changesBelow(folder: string, calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ name, text }) => {
    if (name === 'execve' || !text.includes(folder)) return false;
    return name !== 'openat' || text.includes('O_CREAT') || text.includes('O_TRUNC');
  });
}
