import type net from 'node:net';
import type { Answer, Pair, Target } from './answer.ts';
import { reach } from './reach.ts';

/** Somebody who knocks: with a pair, with none, or in the clear. */
export type Caller = {
  readonly who: string;
  readonly expected: 'served' | 'refused';
  /** Asked for once the engine has answered the call: until then nothing need be read, or made. */
  readonly pair?: () => Pair | Promise<Pair>;
  readonly inTheClear?: true;
};

export type Finding = {
  readonly who: string;
  readonly expected: 'served' | 'refused';
  readonly answer: Answer;
  readonly good: boolean;
};

export type Proof = {
  readonly findings: readonly Finding[];
  /** `proven`: every caller met what was expected. `unreachable`: there was no connection for the first one. */
  readonly verdict: 'proven' | 'disproven' | 'unreachable';
};

/**
 * Knocks at an engine as the client who is to be served, and then as everybody else: without an answer to the client,
 * the refusals of the others would say nothing, so they do not even knock; but for those who ask in the clear, where
 * TLS meets with silence: what knows no TLS may be silent about it, and serve them. `shown` is the SHA-256 (hex) of the
 * certificate that the engine has to show.
 */
export async function proveEngine(
  target: Target,
  shown: string,
  client: Caller,
  others: readonly Caller[],
): Promise<Proof> {
  const findings = [await knock(target, shown, client)];
  const kind = findings[0]?.answer.kind;
  if (kind === 'unreachable') return { findings, verdict: 'unreachable' };
  for (const caller of others.filter(({ inTheClear }) => kind !== 'silent' || inTheClear))
    findings.push(await knock(target, shown, caller));
  return { findings, verdict: findings.every(({ good }) => good) ? 'proven' : 'disproven' };
}

async function knock(target: Target, shown: string, caller: Caller): Promise<Finding> {
  const answer = await answerTo(caller, target);
  const { who, expected } = caller;
  const isOurEngine = caller.inTheClear === true || answer.shown === undefined || answer.shown === shown;
  const checked: Answer = isOurEngine
    ? answer
    : { ...answer, kind: 'mistrusted', detail: 'it shows another certificate' };
  return { who, expected, answer: checked, good: checked.kind === expected };
}

async function answerTo(caller: Caller, target: Target): Promise<Answer> {
  const reached = await reach(target);
  if ('answer' in reached) return reached.answer;
  const { socket } = reached;
  try {
    return await askAs(caller, socket, target);
  } finally {
    // Also when the pair could not be had: a connection that stays open keeps the whole program from ending.
    socket.destroy();
  }
}

async function askAs({ inTheClear, pair }: Caller, socket: net.Socket, target: Target): Promise<Answer> {
  // Often nothing listens yet, and then nobody need wait for Node to load its HTTP and TLS.
  const { askInTheClear, askOverTls } = await import('./ask.ts');
  return inTheClear ? askInTheClear(socket, target) : askOverTls(socket, target, await pair?.());
}
