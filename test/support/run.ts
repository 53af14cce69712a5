import { execa } from 'execa';

/** What a finished process left behind. `code` is undefined when a signal ended it. */
export type Finished = {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** How to run it. The environment is exactly `env` and a PATH: nothing of the developer's leaks into a test. */
export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
  /** Milliseconds until the process is killed, 60 seconds unless told. */
  readonly timeout?: number;
};

/** Runs a program to its end and never throws for what it answers, only when it cannot be started or hangs. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const { env = {}, cwd, input, timeout = 60_000 } = options;
  const result = await execa(program, [...args], {
    env: { PATH: searchPath(), ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    forceKillAfterDelay: 1_000,
    timeout,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  if (result.timedOut)
    throw new Error(`${program} ${args.join(' ')}: no end after ${timeout} ms\n${result.stderr}`);
  if (result.exitCode === undefined && result.signal === undefined) {
    throw new Error(`${program} cannot be started: ${result.originalMessage ?? ''}`);
  }
  return { code: result.exitCode, signal: result.signal, stdout: result.stdout, stderr: result.stderr };
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

/** PATH with the administrator's folders, which an ordinary user's PATH lacks on Debian. */
export function searchPath(first: readonly string[] = []): string {
  const own = (process.env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return [...new Set([...first, ...own, '/usr/local/sbin', '/usr/sbin', '/sbin'])].join(':');
}
