import { quote } from '@docker-mtls/errors';
import { runProgram } from '@docker-mtls/run';
import { authenticationProblem } from './authentication-problem.ts';
import { connectionProblem } from './connection-problem.ts';
import { PING } from './engine-answer.ts';
import { sshError } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { runThere } from './run-there.ts';
import type { RanThere, Surroundings } from './run-there.ts';
import { readSshConfiguration } from './ssh-configuration.ts';
import type { SshHost } from './ssh-host.ts';
import { lastWords } from './ssh-log.ts';
import { loginWords } from './target.ts';
import type { SshTarget } from './target.ts';

/** What ssh itself makes of the host. */
export async function readTarget(
  host: SshHost,
  { env, patience }: Surroundings,
): Promise<SshTarget | SshProblem> {
  const ran = await runProgram('ssh', ['-G', ...loginWords(host)], {
    env,
    timeoutMs: patience.answer * 1000,
  });
  if (ran.trouble?.kind === 'missing') return sshMissing();
  if (ran.code === 0) return { host, configuration: readSshConfiguration(ran.stdout) };
  return refusedConfiguration(ran.stderr.trim());
}

/** Runs the very command of the Docker CLI, with the engine's ping. */
export async function logIn(target: SshTarget, surroundings: Surroundings): Promise<RanThere | SshProblem> {
  const input = { input: PING, keepOpen: true } as const;
  const there = await runThere(target.host, dialCommand(target.host), surroundings, input);
  if (there === undefined) return sshMissing();
  const { log } = there;
  if (log.isIn) return there;
  return connectionProblem(log, target) ?? authenticationProblem(log, target) ?? notLoggedIn(there);
}

/** docker/cli cli/connhelper/connhelper.go. */
function dialCommand({ socket }: SshHost): string {
  const where = socket === undefined ? '' : ` --host=unix://${socket}`;
  return `docker${where} system dial-stdio`;
}

export function notLoggedIn({ ran, log }: RanThere): SshProblem {
  const words = lastWords(log);
  if (words.startsWith('Cannot execute command-line and remote command')) return refusedConfiguration(words);
  const what = ran.code === undefined ? 'it gave no answer in time' : quote(words);
  return sshError('unexplained', `ssh could not log in: ${what}`, 'ssh -v says more');
}

export function sshMissing(): SshProblem {
  const message = 'there is no ssh command here, and docker runs it';
  return sshError('ssh-missing', message, "install OpenSSH's client (openssh-client)");
}

/** A container may run under a number that no passwd file names, and ssh does not (OpenSSH's ssh.c). */
function refusedConfiguration(said: string): SshProblem {
  if (said.startsWith('No user exists for uid')) {
    const hint = 'run this as a user whom /etc/passwd has';
    return sshError('ssh-configuration', `ssh runs for nobody without an account: ${quote(said)}`, hint);
  }
  return sshError('ssh-configuration', `ssh refuses its configuration: ${quote(said)}`, 'fix ~/.ssh/config');
}
