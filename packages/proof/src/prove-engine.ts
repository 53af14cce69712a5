import { askInTheClear, askOverTls } from './exchange.ts';
import type { Answer, Pair, Target } from './exchange.ts';

/** Somebody who knocks: with a pair, with none, or in the clear. */
export type Caller = {
  readonly who: string;
  readonly expected: 'served' | 'refused';
  readonly pair?: Pair;
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
  /** `proven`: every caller met what was expected. `unreachable`: nobody answered the first one. */
  readonly verdict: 'proven' | 'disproven' | 'unreachable';
};

/**
 * Knocks at an engine as each caller in turn. The first must be one who is to be served: without an answer to
 * it, the refusals of the others would say nothing. `shown` is the SHA-256 (hex) of the certificate that the
 * engine has to show.
 */
export async function proveEngine(
  target: Target,
  shown: string,
  callers: readonly [Caller, ...Caller[]],
): Promise<Proof> {
  const [first, ...others] = callers;
  const own = await knock(target, shown, first);
  if (own.answer.kind === 'unreachable') return { findings: [own], verdict: 'unreachable' };
  const findings = [own];
  for (const caller of others) findings.push(await knock(target, shown, caller));
  return { findings, verdict: findings.every(({ good }) => good) ? 'proven' : 'disproven' };
}

async function knock(target: Target, shown: string, caller: Caller): Promise<Finding> {
  const answer = caller.inTheClear ? await askInTheClear(target) : await askOverTls(target, caller.pair);
  const { who, expected } = caller;
  const isOurEngine = caller.inTheClear === true || answer.shown === undefined || answer.shown === shown;
  const checked: Answer = isOurEngine
    ? answer
    : { ...answer, kind: 'mistrusted', detail: 'it shows another certificate' };
  return { who, expected, answer: checked, good: checked.kind === expected };
}
