import { accountProblems } from './account-problems.ts';
import { askDocker } from './ask-docker.ts';
import type { ReachedEngine } from './ask-docker.ts';
import { readEngineAnswer } from './engine-answer.ts';
import { logIn, readTarget } from './log-in.ts';
import type { SshProblem } from './problem.ts';
import { factsScript, readRemoteFacts } from './remote-facts.ts';
import { runThere } from './run-there.ts';
import type { Patience, RanThere, Surroundings } from './run-there.ts';
import type { SshHost } from './ssh-host.ts';
import type { SshTarget } from './target.ts';

export type SshCheck = {
  readonly works: boolean;
  /** Errors where it does not; else warnings, if any. */
  readonly problems: readonly SshProblem[];
  /** MaxStartups of the server, where its configuration says it and can be read. */
  readonly maxStartups?: string;
  /** The engine that the docker command here reached. */
  readonly engine?: ReachedEngine;
};

export type SshCheckOptions = {
  /** The environment that the docker command would be run in: ssh's agent is in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what is tried next. */
  readonly note?: ((line: string) => void) | undefined;
  readonly patience?: Patience;
};

/** The Docker CLI, too, gives a connection 30 seconds. */
const PATIENCE: Patience = { connect: 30, answer: 20 };

/**
 * Will `docker --host ssh://…` work from here, and if not, why not? It is tried step by step as the Docker CLI does it,
 * and in the end with the Docker CLI. Nothing is changed, here or there; a host's key
 * that is not known, or another one than before, is never taken over, whatever ssh's configuration says.
 */
export async function checkSsh(host: SshHost, options: SshCheckOptions): Promise<SshCheck> {
  const { env, note, patience = PATIENCE } = options;
  // What the C library says is read, so it has to be English.
  const surroundings = { env: { ...env, LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' }, patience };
  note?.(`logging in to ${host.url}`);
  const target = await readTarget(host, surroundings);
  if ('problem' in target) return failed(target);
  const session = await logIn(target, surroundings);
  if ('problem' in session) return failed(session);
  const { problems, maxStartups } = await lookInside(target, session, surroundings);
  if (problems.some(({ severity }) => severity === 'error')) return { works: false, problems };
  note?.('asking its engine with the docker command here');
  const engine = await askDocker(host, { env, patience });
  if ('problem' in engine) return failed(engine);
  return { works: true, problems, engine, ...(maxStartups !== undefined && { maxStartups }) };
}

function failed(problem: SshProblem): SshCheck {
  return { works: false, problems: [problem] };
}

async function lookInside(
  target: SshTarget,
  { ran, log }: RanThere,
  surroundings: Surroundings,
): Promise<{ readonly problems: readonly SshProblem[]; readonly maxStartups: string | undefined }> {
  const input = { input: factsScript(target.host.socket) };
  const looked = await runThere(target.host, 'sh -s', surroundings, input);
  const session = {
    code: ran.code,
    answer: readEngineAnswer(ran.stdout),
    said: log.remote,
    facts: readRemoteFacts(looked?.ran.stdout ?? ''),
  };
  return { problems: accountProblems(session, target), maxStartups: session.facts?.maxStartups };
}
