import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { BUNDLE, cli, type CliOptions } from './cli.ts';
import { which } from './engine-install.ts';
import type { Finished } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** Calls that change what is on the disk. Between two of them a kill always leaves the same state. */
const CHANGING = `
  openat mkdir mkdirat write pwrite64 writev copy_file_range ftruncate fsync fdatasync
  rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir
  chmod fchmod fchmodat chown fchown utimensat
`
  .trim()
  .split(/\s+/u);

/** One system call of the program's main thread. */
export type Call = {
  readonly name: string;
  /** Which one of that name it was, from 1, as strace counts. */
  readonly nth: number;
  /** How strace prints it, with the path of each descriptor. */
  readonly text: string;
};

/** A finished command with the calls that it made. */
export type Traced = Finished & { readonly calls: readonly Call[]; readonly trace: string };

/** Why nothing can be traced here; undefined when it can. */
export function traceObstacle(): string | undefined {
  if (which('strace') === undefined) return 'no strace';
  const { status, stderr } = spawnSync('strace', ['-o', '/dev/null', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `strace may not trace here (${String(stderr).trim()})`;
}

/** Runs a command of docker-mtls and notes every call that changes the disk. */
export function traceCli(args: readonly string[], options: CliOptions): Promise<Traced> {
  return traced(args, options, []);
}

/** Runs it again, and kills it when it enters that call: the call itself is not carried out. */
export function killAt(call: Call, args: readonly string[], options: CliOptions): Promise<Traced> {
  return traced(args, options, ['-e', `inject=${call.name}:signal=KILL:when=${call.nth}`]);
}

async function traced(
  args: readonly string[],
  options: CliOptions,
  inject: readonly string[],
): Promise<Traced> {
  const folder = temporaryFolder();
  const flags = ['-ff', '-qq', '-y', '-s', '100000', '-o', path.join(folder, 't')];
  const prefix = [
    ...(options.prefix ?? []),
    'strace',
    ...flags,
    '-e',
    `trace=${CHANGING.join(',')},execve`,
    ...inject,
  ];
  const finished = await cli(args, { ...options, prefix });
  const texts = fs.readdirSync(folder).map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  const main = texts.find((text) => text.startsWith('execve(') && text.includes(`"${BUNDLE}"`));
  if (main === undefined) throw new Error(`nothing was traced: ${finished.stderr}`);
  return { ...finished, calls: parseCalls(main), trace: texts.join('') };
}

function parseCalls(text: string): readonly Call[] {
  const seen = new Map<string, number>();
  return text.split('\n').flatMap((line) => {
    const name = /^([a-z0-9_]+)\(/u.exec(line)?.[1];
    if (name === undefined) return [];
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return [{ name, nth, text: line }];
  });
}

/** The calls that changed something below a folder. */
export function changesBelow(folder: string, calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ name, text }) => {
    if (name === 'execve' || !text.includes(folder)) return false;
    return name !== 'openat' || text.includes('O_CREAT') || text.includes('O_TRUNC');
  });
}
