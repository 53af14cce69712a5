import { spawn } from 'node:child_process';
import os from 'node:os';
import type { Readable } from 'node:stream';

/** What a finished process left behind. `code` is undefined when a signal ended it. */
export type Finished = {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** How to run it. The environment is exactly `env`, a PATH and a TMPDIR: nothing of the developer's leaks into a test. */
export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** Milliseconds until the process is killed, 100 seconds unless told: less than a test has, so that it says what hung. */
  readonly timeout?: number;
  /** Give it a process group of its own, all of which is killed with it then: a tracer's program would go on without it. */
  readonly group?: true;
};

/** A program did not end in time, and was killed. What it had printed until then is in the message, and on its own. */
export class NoEnd extends Error {
  readonly printed: Pick<Finished, 'stdout' | 'stderr'>;

  constructor(told: string, printed: Pick<Finished, 'stdout' | 'stderr'>) {
    super(`${told}\n${printed.stdout}${printed.stderr}`);
    this.printed = printed;
  }
}

/**
 * Runs a program to its end and never throws for what it answers, only when it cannot be started or hangs.
 * (execa leaves a listener in the global object at which jest 30 trips when it clears up.)
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { env = {}, cwd, input, timeout = 100_000, group = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { PATH: searchPath(), TMPDIR: os.tmpdir(), ...env },
      ...(cwd !== undefined && { cwd }),
      detached: group,
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const told = `${program} ${args.join(' ')}`;
    const timer = setTimeout(() => {
      if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
      reject(new NoEnd(`${told}: no end after ${timeout} ms`, { stdout: stdout(), stderr: stderr() }));
    }, timeout);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${told}: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, signal: signal ?? undefined, stdout: stdout(), stderr: stderr() });
    });
    // A program that ends without reading is no fault of the test.
    child.stdin.once('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/** Runs a program that is expected to succeed and returns its stdout. */
export async function output(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, signal, stdout, stderr } = await run(program, args, options);
  if (code === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: ended with ${code ?? signal}\n${stdout}${stderr}`);
}

/** The PATH of the tests, with some folders before it. */
export function searchPath(first: readonly string[] = []): string {
  const own = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return [...new Set([...first, ...own])].join(':');
}
