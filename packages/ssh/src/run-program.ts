/** How a program ended; `code` is undefined when it gave no answer in time. */
export type Ran = { readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

export type RunOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it reads. */
  readonly input?: string;
  /** Its input does not end behind that: for who would take the end of it for the end of the conversation. */
  readonly keepOpen?: true;
  readonly timeoutMs: number;
};

const LARGEST_OUTPUT = 1_000_000;
const KILL_AFTER_MS = 1_000;

/** Runs a program to its end, never longer than told; `undefined` when there is no such program. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, input = '', keepOpen, timeoutMs }: RunOptions,
): Promise<Ran | undefined> {
  const { execa } = await import('execa');
  const running = execa(program, args, {
    reject: false,
    env: { ...env },
    extendEnv: false,
    cwd: currentFolder(),
    stdin: 'pipe',
    // A session of its own, as the Docker CLI gives ssh: without a terminal it cannot ask, nor can a host on the way.
    detached: true,
    timeout: timeoutMs,
    forceKillAfterDelay: KILL_AFTER_MS,
    maxBuffer: LARGEST_OUTPUT,
  });
  // Who ends without reading is no fault.
  running.stdin.on('error', () => undefined);
  running.stdin.write(input);
  if (keepOpen !== true) running.stdin.end();
  // What it leaves behind in the background may hold its output open: that is not waited for either.
  const hangUp = setTimeout(
    () => {
      running.stdout.destroy();
      running.stderr.destroy();
    },
    timeoutMs + 2 * KILL_AFTER_MS,
  );
  const { code, exitCode, timedOut, stdout, stderr } = await running;
  clearTimeout(hangUp);
  if (code === 'ENOENT' || code === 'EACCES') return undefined;
  return { code: timedOut ? undefined : exitCode, stdout, stderr };
}

/** Where that is gone the Docker CLI still runs ssh, and execa nothing: then it is one that is always there. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
