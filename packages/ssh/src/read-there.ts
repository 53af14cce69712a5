import { sshMissing, notLoggedIn } from './log-in.ts';
import type { SshProblem } from './problem.ts';
import { runThere } from './run-there.ts';
import type { Surroundings } from './run-there.ts';
import type { SshHost } from './ssh-host.ts';

/** How a command ended on another host, and what it printed. */
export type ReadThere = { readonly code: number | undefined; readonly stdout: string };

/** Runs a command on another host, which asks for nothing there. */
export async function readThere(
  host: SshHost,
  command: string,
  surroundings: Surroundings,
): Promise<ReadThere | SshProblem> {
  const there = await runThere(host, command, surroundings, { input: '' });
  if (there === undefined) return sshMissing();
  const { ran, log } = there;
  return log.isIn ? { code: ran.code, stdout: ran.stdout } : notLoggedIn(there);
}
