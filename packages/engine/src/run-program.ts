/** How a program ended; `code` is undefined when it could not be started or gave no answer in time. */
export type Ran = { readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

/** Runs a program to its end, never longer than told; throws nothing for what it answers. */
export type Run = (
  program: string,
  args: readonly string[],
  options?: { readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> },
) => Promise<Ran>;

const USUAL_MS = 20_000;
const LARGEST_OUTPUT = 4_000_000;

export const runProgram: Run = async (program, args, { timeoutMs = USUAL_MS, env = {} } = {}) => {
  const { execa } = await import('execa');
  const result = await execa(program, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    forceKillAfterDelay: 1_000,
    maxBuffer: LARGEST_OUTPUT,
    env: { ...env, LC_ALL: 'C', SYSTEMD_COLORS: '0', SYSTEMD_PAGER: '' },
  });
  const trouble = result.timedOut ? `no answer within ${timeoutMs / 1000} s` : (result.shortMessage ?? '');
  const isOver = result.exitCode !== undefined && !result.timedOut;
  return {
    code: isOver ? result.exitCode : undefined,
    stdout: result.stdout,
    stderr: isOver ? result.stderr : `${result.stderr}\n${trouble}`,
  };
};
