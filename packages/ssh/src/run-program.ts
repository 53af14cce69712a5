/** How a program ended: `code` is undefined when it gave no answer in time, and the whole when there is no such program. */
export type Ran =
  { readonly code: number | undefined; readonly stdout: string; readonly stderr: string } | undefined;

export type RunOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it reads. */
  readonly input?: string;
  /** Its input does not end behind that: for who would take the end of it for the end of the conversation. */
  readonly keepOpen?: true;
  readonly timeoutMs: number;
};

/** Runs a program to its end, never longer than told. */
export type Run = (program: string, args: readonly string[], options: RunOptions) => Promise<Ran>;

const LARGEST_OUTPUT = 1_000_000;

export const runProgram: Run = async (program, args, { env, input = '', keepOpen, timeoutMs }) => {
  const { execa } = await import('execa');
  const running = execa(program, args, {
    reject: false,
    env: present(env),
    extendEnv: false,
    stdin: 'pipe',
    // A session of its own, as the Docker CLI gives ssh: without a terminal it cannot ask, nor can a host on the way.
    detached: true,
    timeout: timeoutMs,
    forceKillAfterDelay: 1_000,
    maxBuffer: LARGEST_OUTPUT,
  });
  // Who ends without reading is no fault.
  running.stdin.on('error', () => undefined);
  running.stdin.write(input);
  if (keepOpen !== true) running.stdin.end();
  const { code, exitCode, timedOut, stdout, stderr } = await running;
  if (code === 'ENOENT') return undefined;
  return { code: timedOut ? undefined : exitCode, stdout, stderr };
};

function present(env: RunOptions['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
