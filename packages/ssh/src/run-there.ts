import { runProgram } from '@docker-mtls/run';
import type { Ran } from '@docker-mtls/run';
import type { SshHost } from './ssh-host.ts';
import { readSshLog } from './ssh-log.ts';
import type { SshLog } from './ssh-log.ts';
import { loginWords } from './target.ts';

/** Seconds: until a connection is there, and until what was asked over it is answered. */
export type Patience = { readonly connect: number; readonly answer: number };

/** What programs are run with. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly patience: Patience;
};

/** A run of ssh that came to its end: what the command there printed, and what ssh tells. */
export type RanThere = { readonly ran: Ran; readonly log: SshLog };

/**
 * Has ssh ask nothing and change nothing. It may use a connection that is shared, and not open one: that would live on, and
 * hold our stderr meanwhile.
 */
const OPTIONS = ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'UpdateHostKeys=no', 'ControlMaster=no'];

/** Runs a command there with ssh as the Docker CLI does; `undefined` when there is no ssh here. */
export async function runThere(
  host: SshHost,
  command: string,
  { env, patience }: Surroundings,
  input: { readonly input: string; readonly keepOpen?: true },
): Promise<RanThere | undefined> {
  const options = [...OPTIONS, `ConnectTimeout=${patience.connect}`].flatMap((option) => ['-o', option]);
  const words = ['-v', '-T', ...options, ...loginWords(host), command];
  const ran = await runProgram('ssh', words, { env, timeoutMs: longest(patience), ...input });
  return ran.trouble?.kind === 'missing' ? undefined : { ran, log: readSshLog(ran.stderr) };
}

export function longest({ connect, answer }: Patience): number {
  return (connect + answer) * 1000;
}
