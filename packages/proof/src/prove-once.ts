import type { Hello } from './ask.ts';
import type { Budget } from './budget.ts';
import { connectTo } from './connect.ts';
import { isLetIn, isRejection, isVersionUnknown } from './judge.ts';
import { TLS_VERSIONS } from './order.ts';
import type { ProofOrder, ProofTarget, TlsVersion } from './order.ts';
import { OTHER_CERTIFICATE } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { Probe } from './proof.ts';
import {
  clientQuestions,
  detours,
  needsNoPair,
  questionsByName,
  questionsOf,
  sniOf,
  waysOf,
} from './questions.ts';
import type { Question, Way } from './questions.ts';

/** One pass over an address. */
export type Attempt = {
  readonly probes: readonly Probe[];
  /** The certificate that all had to meet. */
  readonly fingerprint: string | undefined;
  /** Was somebody let in who is to be rejected? */
  readonly isLetIn: boolean;
};

type Pass = {
  readonly order: ProofOrder;
  readonly target: ProofTarget;
  readonly budget: Budget | undefined;
  readonly probes: Probe[];
  fingerprint: string | undefined;
  isLetIn: boolean;
};

type Answer = { readonly question: Question; readonly outcome: ProbeOutcome };

/**
 * The client with each version of TLS, everybody else with each, the same for every name that clients connect by, and the
 * client again. Where the client is not accepted, rejections say nothing, and only what could be open is reported. With a
 * budget, what does not depend on an answer is asked at the same time: a server that stalls costs the patience once.
 */
export async function proveOnce(order: ProofOrder, target: ProofTarget, budget?: Budget): Promise<Attempt> {
  const pass: Pass = { order, target, budget, probes: [], fingerprint: order.fingerprint, isLetIn: false };
  const usual: Way = { name: order.names[0] };
  const { clients, open } = await askFirst(pass, usual);
  const versions = acceptedVersions(pass, clients);
  if (versions === undefined) {
    noteWhatIsOpen(pass, open);
    return pass;
  }
  const closed = questionsOf(
    order.strangers.filter((stranger) => !needsNoPair(stranger)),
    usual,
  );
  const byName = waysOf(order).flatMap((way) => questionsByName(order, way, versions));
  const others = await askAll(pass, [...closed, ...byName, ...detours(order, usual, versions)]);
  for (const answer of [...open, ...others]) note(pass, answer);
  const again = await askAll(pass, clientQuestions(order, usual, versions));
  for (const answer of again) note(pass, answer);
  return pass;
}

type First = { readonly clients: readonly Answer[]; readonly open: readonly Answer[] };

/** A client that is kept waiting would leave no time of a budget for what is open. */
async function askFirst(pass: Pass, usual: Way): Promise<First> {
  const { order, budget } = pass;
  const questions = clientQuestions(order, usual, TLS_VERSIONS);
  const others = questionsOf(order.strangers.filter(needsNoPair), usual);
  if (budget !== undefined) {
    const [clients, open] = await Promise.all([askAll(pass, questions), askAll(pass, others)]);
    return { clients, open };
  }
  const clients: Answer[] = [];
  for (const question of questions) {
    const answer = await ask(pass, question);
    clients.push(answer);
    if (!isAsClient(answer.outcome)) break;
  }
  const isThere = clients.at(-1)?.outcome.kind !== 'unreachable';
  return { clients, open: isThere ? await askAll(pass, others) : [] };
}

/** More connections at once than this, and an engine that limits them would refuse some. */
const AT_ONCE = 16;

async function askAll(pass: Pass, questions: readonly Question[]): Promise<readonly Answer[]> {
  const atOnce = pass.budget === undefined ? 1 : AT_ONCE;
  const answers: Answer[] = [];
  for (let at = 0; at < questions.length; at += atOnce)
    answers.push(...(await Promise.all(questions.slice(at, at + atOnce).map((each) => ask(pass, each)))));
  return answers;
}

async function ask({ order, target, budget }: Pass, question: Question): Promise<Answer> {
  const { kind, way, version, protocols, pair } = question;
  const hello = async (): Promise<Hello> => ({
    ...way,
    ...(protocols && { protocols }),
    ...(version && { version }),
    roots: order.roots,
    ...(pair && { pair: await pair() }),
    expected: kind === 'client' ? 'accepted' : 'rejected',
  });
  const outcome = await connectTo({ target, budget, ...(kind !== 'plain-http' && { hello }) });
  return { question, outcome };
}

/** The versions of TLS over which the client is accepted; `undefined` when it is not accepted. */
function acceptedVersions(pass: Pass, answers: readonly Answer[]): readonly TlsVersion[] | undefined {
  const accepted: TlsVersion[] = [];
  for (const answer of answers) {
    const { isGood, version, outcome } = note(pass, answer);
    if (!isGood) return undefined;
    const spoken = TLS_VERSIONS.find((each) => each === version);
    if (spoken !== undefined && !isVersionUnknown(outcome)) accepted.push(spoken);
  }
  return accepted.length === 0 ? undefined : accepted;
}

/** A server that is silent about TLS may serve everybody without it, and one of another CA may serve everybody. */
function noteWhatIsOpen(pass: Pass, answers: readonly Answer[]): void {
  const kind = pass.probes.at(-1)?.outcome.kind;
  if (kind === 'unreachable') return;
  for (const answer of answers)
    if (answer.question.kind === 'plain-http' || kind !== 'silent') note(pass, answer);
}

/** What an answer means, and keeps it. */
function note(pass: Pass, { question, outcome }: Answer): Probe {
  const { kind, who, version, way } = question;
  const shown = kind === 'plain-http' ? outcome : checked(pass, outcome);
  const isGood = kind === 'client' ? isAsClient(shown) : isRejected(pass, question, shown);
  const tls = version === undefined ? {} : { version, ...sniOf(way) };
  const expected = kind === 'client' ? 'accepted' : 'rejected';
  const probe: Probe = { kind, who, expected, ...tls, outcome: shown, isGood };
  if (kind !== 'client' && isLetIn(kind, shown)) pass.isLetIn = true;
  pass.probes.push(probe);
  return probe;
}

function isAsClient(outcome: ProbeOutcome): boolean {
  return outcome.kind === 'accepted' || isVersionUnknown(outcome);
}

function isRejected(pass: Pass, { kind, version, mayFail }: Question, outcome: ProbeOutcome): boolean {
  if (kind !== 'client' && isRejection(kind, outcome, pass.fingerprint ?? '')) return true;
  const isEnded = outcome.kind === 'rejected' || outcome.kind === 'closed';
  if (mayFail === true && isEnded && outcome.presented === undefined) return true;
  return version !== undefined && isVersionUnknown(outcome) && isUnknownToClient(pass, version);
}

function isUnknownToClient({ probes }: Pass, version: Question['version']): boolean {
  return probes.some(
    (probe) => probe.kind === 'client' && probe.version === version && isVersionUnknown(probe.outcome),
  );
}

/** An answer from a server that presents another certificate than the engine's says nothing of the engine. */
function checked(pass: Pass, outcome: ProbeOutcome): ProbeOutcome {
  const shown = outcome.presented?.fingerprint;
  if (shown === undefined) return outcome;
  pass.fingerprint ??= shown;
  return shown === pass.fingerprint ? outcome : { ...outcome, kind: 'mistrusted', detail: OTHER_CERTIFICATE };
}
