/** How a program ended. */
export type Ran = {
  /** Its exit code; undefined when it has none, and then `trouble` says why. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly trouble?: Trouble;
};

export type Trouble = {
  readonly kind: 'missing' | 'late' | 'stopped';
  /** For a sentence: `no answer within 20 s`. */
  readonly text: string;
};

export type RunOptions = {
  /** Its whole environment; that of this process when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What it reads. */
  readonly input?: string;
  /** Its input stays open after that: for a program that takes the end of it for the end of the conversation. */
  readonly keepOpen?: true;
  readonly timeoutMs?: number;
  /** The folder that it starts in; that of this process when absent. */
  readonly cwd?: string;
};

/** Runs a program to its end; throws nothing for what it answers. */
export type Run = (program: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

const USUAL_MS = 20_000;
const LARGEST_OUTPUT = 4_000_000;
const KILL_AFTER_MS = 1_000;
const LAST_WORDS_MS = 1_000;

export const runProgram: Run = async (
  program,
  args,
  { env = process.env, input = '', keepOpen, timeoutMs = USUAL_MS, cwd = currentFolder() } = {},
) => {
  const { execa } = await import('execa');
  const running = execa(program, args, {
    reject: false,
    env: { ...env },
    extendEnv: false,
    cwd,
    stdin: 'pipe',
    // A session of its own: without a terminal it cannot ask, nor can what it starts in turn.
    detached: true,
    timeout: timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    maxBuffer: LARGEST_OUTPUT,
  });
  // A program that ends without reading its input has done nothing wrong.
  running.stdin.on('error', () => undefined);
  running.stdin.write(input);
  if (keepOpen !== true) running.stdin.end();
  // What it leaves in the background may hold its output open: that is not waited for, in time or late.
  const hangUp = (): void => {
    running.stdout.destroy();
    running.stderr.destroy();
  };
  const late = setTimeout(hangUp, timeoutMs + 2 * KILL_AFTER_MS);
  let left: NodeJS.Timeout | undefined;
  // What it had written is read before that, however busy this process was.
  running.once('exit', () => (left = setTimeout(() => setImmediate(hangUp), LAST_WORDS_MS)));
  const result = await running;
  clearTimeout(late);
  clearTimeout(left);
  if (result.timedOut && running.pid !== undefined) endSession(running.pid);
  const { stdout, stderr } = result;
  const trouble = troubleOf(result, timeoutMs);
  if (trouble !== undefined) return { code: undefined, stdout, stderr, trouble };
  return { code: result.exitCode, stdout, stderr };
};

type Ended = {
  readonly code?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly signal?: string | undefined;
};

function troubleOf(
  { code, exitCode, timedOut, isMaxBuffer, signal }: Ended,
  timeoutMs: number,
): Trouble | undefined {
  if (timedOut) return { kind: 'late', text: `no answer within ${timeoutMs / 1000} s` };
  if (isMaxBuffer) return { kind: 'stopped', text: `more than ${LARGEST_OUTPUT / 1_000_000} MB of output` };
  if (exitCode !== undefined) return undefined;
  if (code === 'ENOENT') return { kind: 'missing', text: 'it was not found' };
  if (code === 'EACCES') return { kind: 'missing', text: 'it may not be run' };
  return { kind: 'stopped', text: signal === undefined ? `it did not run (${code})` : `ended by ${signal}` };
}

/** Ends what a program that was late has started in turn. */
function endSession(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

/** execa refuses to run in a folder that is gone. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
