import { quote } from '@docker-mtls/errors';
import { accountProblems } from './account-problems.ts';
import { authenticationProblem } from './authentication-problem.ts';
import { connectionProblem } from './connection-problem.ts';
import { PING, readEngineAnswer } from './engine-answer.ts';
import { error } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { factsScript, readRemoteFacts } from './remote-facts.ts';
import { runProgram } from './run-program.ts';
import type { Ran, Run } from './run-program.ts';
import { readSshConfiguration } from './ssh-configuration.ts';
import type { SshHost } from './ssh-host.ts';
import { lastWords, readSshLog } from './ssh-log.ts';
import type { SshLog } from './ssh-log.ts';
import { loginWords } from './target.ts';
import type { Target } from './target.ts';

export type SshCheck = {
  readonly works: boolean;
  /** Errors where it does not; else warnings, if any. */
  readonly problems: readonly SshProblem[];
  /** The engine that the docker command here reached. */
  readonly engine?: { readonly version: string; readonly apiVersion: string };
};

export type CheckOptions = {
  /** The environment that the docker command would be run in: ssh's agent is in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what is tried next. */
  readonly note?: ((line: string) => void) | undefined;
  /** How long a connection may take to be made; the Docker CLI's own 30 seconds, unless told. */
  readonly connectSeconds?: number;
};

type Tools = { readonly run: Run; readonly env: CheckOptions['env']; readonly connectSeconds: number };

const ANSWER_MS = 30_000;

/**
 * Will `docker --host ssh://…` work from here, and if not, why not? It is tried step by step as the Docker CLI does it,
 * and in the end with the Docker CLI. Nothing is changed, here or there; no key of a host is ever taken over.
 */
export async function checkSsh(host: SshHost, options: CheckOptions): Promise<SshCheck> {
  const { env, note, connectSeconds = 30 } = options;
  // What the C library says is read, so it has to be English.
  const tools = {
    run: runProgram,
    env: { ...env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' },
    connectSeconds,
  };
  note?.(`logging in to ${host.url}`);
  const target = await readTarget(host, tools);
  if ('problem' in target) return failed(target);
  const session = await openSession(target, tools);
  if ('problem' in session) return failed(session);
  const problems = await lookInside(target, session, tools);
  if (problems.some(({ severity }) => severity === 'error')) return { works: false, problems };
  note?.(`asking its engine with the docker command here`);
  const engine = await askWithDocker(host, { ...tools, env });
  return 'problem' in engine ? failed(engine) : { works: true, problems, engine };
}

function failed(problem: SshProblem): SshCheck {
  return { works: false, problems: [problem] };
}

/** What ssh itself makes of the host. */
async function readTarget(host: SshHost, tools: Tools): Promise<Target | SshProblem> {
  const ran = await tools.run('ssh', ['-G', ...loginWords(host)], { env: tools.env, timeoutMs: ANSWER_MS });
  if (ran === undefined)
    return error(
      'ssh-missing',
      'there is no ssh command here, and docker runs it',
      'install OpenSSH’s client (openssh-client)',
    );
  if (ran.code === 0) return { host, configuration: readSshConfiguration(ran.stdout) };
  return refusedConfiguration(ran.stderr.trim());
}

function refusedConfiguration(said: string): SshProblem {
  return error('ssh-configuration', `ssh refuses its configuration: ${quote(said)}`, 'mend ~/.ssh/config');
}

type Dialled = { readonly ran: NonNullable<Ran>; readonly log: SshLog };

/** The very command of the Docker CLI, with the engine's ping. */
async function openSession(target: Target, tools: Tools): Promise<Dialled | SshProblem> {
  const dialled = await runThere(target, dialCommand(target.host), tools, { input: PING, keepOpen: true });
  const { ran, log } = dialled;
  if (log.isIn) return dialled;
  return connectionProblem(log, target) ?? authenticationProblem(log, target) ?? notLoggedIn(ran, log);
}

function notLoggedIn({ code }: NonNullable<Ran>, log: SshLog): SshProblem {
  const words = lastWords(log);
  if (words.startsWith('Cannot execute command-line and remote command')) return refusedConfiguration(words);
  const what = code === undefined ? 'it gave no answer in time' : quote(words);
  return error('unexplained', `ssh could not log in: ${what}`, 'ssh -v says more');
}

/** docker/cli cli/connhelper/connhelper.go. */
function dialCommand({ socket }: SshHost): string {
  return socket === undefined
    ? 'docker system dial-stdio'
    : `docker --host=unix://${socket} system dial-stdio`;
}

async function lookInside(
  target: Target,
  { ran, log }: Dialled,
  tools: Tools,
): Promise<readonly SshProblem[]> {
  const looked = await runThere(target, 'sh -s', tools, { input: factsScript(target.host.socket) });
  const session = {
    code: ran.code,
    answer: readEngineAnswer(ran.stdout),
    said: log.remote,
    facts: readRemoteFacts(looked.ran.stdout),
  };
  return accountProblems(session, target);
}

/** Runs a command there as the Docker CLI does, but asks nothing, and tells what it does. */
async function runThere(
  { host }: Target,
  command: string,
  { run, env, connectSeconds }: Tools,
  input: { readonly input: string; readonly keepOpen?: true },
): Promise<Dialled> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    `ConnectTimeout=${connectSeconds}`,
  ].flatMap((option) => ['-o', option]);
  const timeoutMs = connectSeconds * 1000 + ANSWER_MS;
  const ran = await run('ssh', ['-v', '-T', ...options, ...loginWords(host), command], {
    env,
    timeoutMs,
    ...input,
  });
  if (ran === undefined) throw new Error('ssh was here a moment ago');
  return { ran, log: readSshLog(ran.stderr) };
}

/** The proof: the docker command here, which has a version and an environment of its own. */
async function askWithDocker(
  { url }: SshHost,
  { run, env, connectSeconds }: Tools,
): Promise<NonNullable<SshCheck['engine']> | SshProblem> {
  const args = ['--host', url, 'version', '--format', '{{json .Server}}'];
  const ran = await run('docker', args, { env, timeoutMs: connectSeconds * 1000 + ANSWER_MS });
  if (ran === undefined)
    return error(
      'docker-missing-here',
      'all is well there, but there is no docker command here',
      'install Docker’s command line (docker-cli, docker-ce-cli)',
    );
  if (ran.code === 0) return readServer(ran.stdout);
  const words = ran.code === undefined ? 'it gave no answer in time' : quote(ran.stderr.trim());
  return error(
    'docker-refuses-here',
    `all is well there, but the docker command here does not go on: ${words}`,
    `docker --host ${url} version`,
  );
}

function readServer(text: string): NonNullable<SshCheck['engine']> {
  const { Version: version = '', ApiVersion: apiVersion = '' } = JSON.parse(text) as Readonly<
    Record<string, string>
  >;
  return { version, apiVersion };
}
