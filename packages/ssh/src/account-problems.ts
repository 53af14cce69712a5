import { quote, shellWord } from '@docker-mtls/errors';
import type { EngineAnswer } from './engine-answer.ts';
import { sshError, sshWarning } from './problem.ts';
import type { SshProblem } from './problem.ts';
import type { RemoteFacts, SocketFacts } from './remote-facts.ts';
import type { SshHost } from './ssh-host.ts';
import { account, loginCommand } from './target.ts';
import type { SshTarget } from './target.ts';

/** What happened once ssh had logged in. */
export type SshSession = {
  /** The exit code of `docker system dial-stdio`; `undefined` when it gave no answer in time. */
  readonly code: number | undefined;
  readonly answer: EngineAnswer;
  /** What it wrote to stderr. */
  readonly said: string;
  readonly facts: RemoteFacts | undefined;
};

/** The docker command that brought `system dial-stdio`. */
const OLDEST = [18, 9];

/** Why an account that ssh logs in to does not lead to an engine; errors first. */
export function accountProblems(session: SshSession, target: SshTarget): readonly SshProblem[] {
  const { answer, facts } = session;
  const isServed = answer.status === 200 && answer.noise === '';
  if (isServed) return [...elsewhere(session, target, 'warning')];
  if (facts === undefined) return [accountUnusable(session, target)];
  const noise = answer.noise === '' ? [] : [outputNoise(answer.noise, facts, target)];
  if (answer.status === 200) return noise;
  return [...noise, engineProblem(session, facts, target)];
}

/** One reason, the first in the order in which a command comes to fail. */
function engineProblem(session: SshSession, facts: RemoteFacts, target: SshTarget): SshProblem {
  const { socket } = facts;
  if (session.answer.status !== undefined) return engineRefuses(session.answer, target);
  if (facts.docker === undefined) return dockerMissing(facts, target);
  if (isTooOld(facts.version)) return dockerTooOld(facts, target);
  const [away] = elsewhere(session, target, 'error');
  if (away !== undefined) return away;
  if (socket?.exists && !socket.mayUse) return socketDenied(socket, facts, target);
  if (socket !== undefined) {
    const stopped = whyStopped(socket, facts, session);
    if (stopped !== undefined) return engineStopped(stopped, facts, target);
  }
  return session.code === undefined ? engineSilent(target) : unexplained(session, target);
}

function accountUnusable({ code, answer, said }: SshSession, target: SshTarget): SshProblem {
  const words = [answer.noise, said].find((text) => text !== '');
  const what =
    words === undefined
      ? code === undefined
        ? 'it gave no answer in time'
        : `it ended with ${code}`
      : `it said ${quote(words)}`;
  return sshError(
    'account-unusable',
    `ssh logs in to ${account(target)}, but no command runs there: ${what}`,
    "the account wants a shell (chsh), no exit in that shell's files, and no other command in sshd_config or authorized_keys",
  );
}

function outputNoise(noise: string, { shell }: RemoteFacts, target: SshTarget): SshProblem {
  return sshError(
    'output-noise',
    `${account(target)} prints ${quote(noise.trim() || noise)} at every command, which docker takes for the engine's answer`,
    `in ${startFile(shell) ?? "the shell's start files"} there: print to terminals alone, as in [ -t 1 ] && echo …`,
  );
}

/** What a shell reads when sshd runs a command with it; the plain ones read nothing. */
function startFile(shell: string): string | undefined {
  const name = shell.slice(shell.lastIndexOf('/') + 1);
  const files: ReadonlyMap<string, string> = new Map([
    ['bash', '~/.bashrc'],
    ['zsh', '~/.zshenv'],
    ['fish', '~/.config/fish/config.fish'],
    ['csh', '~/.cshrc'],
    ['tcsh', '~/.tcshrc'],
  ]);
  return files.get(name);
}

function dockerMissing(facts: RemoteFacts, target: SshTarget): SshProblem {
  const { path, dockerElsewhere } = facts;
  const who = account(target);
  if (dockerElsewhere === undefined)
    return sshError(
      'docker-missing',
      `${who} has no docker command (its PATH is ${quote(path)})`,
      "install Docker's command line on that host; the engine alone does not do",
    );
  return sshError(
    'docker-missing',
    `${who} has docker in ${quote(dockerElsewhere)}, which is not in the PATH of commands over ssh (${quote(path)})`,
    `on that host, ${waysIntoPath(dockerElsewhere, facts).join('; or ')}`,
  );
}

function waysIntoPath(docker: string, { path, shell }: RemoteFacts): readonly string[] {
  const folder = shellWord(docker.slice(0, docker.lastIndexOf('/')));
  const file = startFile(shell);
  return [
    ...(path.split(':').includes('/usr/local/bin')
      ? [`as root: ln -s ${shellWord(docker)} /usr/local/bin/docker`]
      : []),
    file === undefined
      ? `in sshd_config: SetEnv PATH=${shellWord(path)}:${folder}`
      : `at the top of ${file}: export PATH=$PATH:${folder}`,
  ];
}

function isTooOld(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '99.0').split('.').map(Number);
  const [oldest = 0, since = 0] = OLDEST;
  return major < oldest || (major === oldest && minor < since);
}

function dockerTooOld({ version }: RemoteFacts, target: SshTarget): SshProblem {
  return sshError(
    'docker-too-old',
    `${account(target)} has docker ${version}, which cannot be reached over ssh: that came with 18.09`,
    'update Docker on that host',
  );
}

/** The docker command there is told to use an engine that is not that host's. */
function elsewhere(
  { facts, said }: SshSession,
  target: SshTarget,
  severity: 'error' | 'warning',
): readonly SshProblem[] {
  const { endpoint, chosenBy } = facts ?? {};
  if (endpoint === undefined || chosenBy === undefined || endpoint.startsWith('unix://')) return [];
  const which = `the docker command of ${account(target)} goes on to ${quote(endpoint)} (${chosenBy} there)`;
  const hint =
    chosenBy === 'docker context use'
      ? 'there: docker context use default'
      : `there: unset ${chosenBy} in the shell's start files`;
  if (severity === 'warning')
    return [sshWarning('engine-elsewhere', `${which}: you reach that engine, not the host's`, hint)];
  return [
    sshError(
      'engine-elsewhere',
      `${which}, and gets no answer${said === '' ? '' : `: ${quote(said)}`}`,
      hint,
    ),
  ];
}

function socketDenied({ path, group }: SocketFacts, facts: RemoteFacts, { host }: SshTarget): SshProblem {
  const { user, groups } = facts;
  const isOutside = group !== '' && group !== 'root' && !groups.includes(group);
  const whose = isOutside ? `the group ${group}, and ${user} is not in it` : 'others';
  const hint = isOutside
    ? `if ${user} may be root there, which is what it means: usermod -aG ${group} ${user}, as root on that host, and log in again`
    : 'as another user';
  return sshError(
    'socket-denied',
    `${user} may not use the engine of ${host.name}: ${path} is for ${whose}`,
    `${hint}${ownEngine(facts, host)}`,
  );
}

function ownEngine({ ownSocket }: RemoteFacts, { url, socket = '' }: SshHost): string {
  if (ownSocket === undefined) return '';
  return `; or use the account's own engine: ${url.slice(0, url.length - socket.length)}${ownSocket}`;
}

/** systemd may hold the socket, take the connection, and drop it when the engine fails to start. */
function whyStopped(
  { path, exists }: SocketFacts,
  { unit }: RemoteFacts,
  { said }: SshSession,
): string | undefined {
  if (!exists) return `there is no ${path}`;
  if (/connection refused/.test(said)) return `nothing listens on ${path}`;
  const isDropped = said === '' || /reset by peer|broken pipe/.test(said);
  return isDropped && unit !== undefined && unit !== 'active' ? `docker.service is ${unit}` : undefined;
}

function engineStopped(why: string, { unit }: RemoteFacts, { host }: SshTarget): SshProblem {
  const start =
    unit === undefined
      ? 'start the engine'
      : 'systemctl start docker; journalctl -u docker says why it stopped';
  return sshError(
    'engine-stopped',
    `the engine of ${host.name} does not run: ${why}`,
    `on that host, as root: ${start}`,
  );
}

function engineRefuses({ status, body }: EngineAnswer, { host }: SshTarget): SshProblem {
  return sshError(
    'engine-refuses',
    `the engine of ${host.name} answers HTTP ${status}: ${quote(body)}`,
    'its log says more; an authorization plugin may be at work',
  );
}

function engineSilent({ host }: SshTarget): SshProblem {
  return sshError(
    'engine-silent',
    `the engine of ${host.name} takes the request, and does not answer in time`,
    `${loginCommand(host)} journalctl -u docker`,
  );
}

function unexplained({ code, said }: SshSession, target: SshTarget): SshProblem {
  const words = said === '' ? 'it said nothing' : `it said ${quote(said)}`;
  return sshError(
    'unexplained',
    `docker on ${account(target)} ended with ${code}: ${words}`,
    `${loginCommand(target.host)} docker version`,
  );
}
