import { decide } from '../decide/decide.ts';
import type { Decision } from '../decide/decision.ts';
import type { Policy } from '../document/policy.ts';
import type { PolicyCase } from './case.ts';

export type CaseResult = {
  readonly case: PolicyCase;
  readonly decision: Decision;
  /** What is wrong. Undefined: as expected. */
  readonly failure: string | undefined;
};

/** Decides each case as the policy says it, in mode observe as well. */
export function runCases(policy: Policy, cases: readonly PolicyCase[]): readonly CaseResult[] {
  return cases.map((each) => {
    const decision = decide(policy, each.request);
    return { case: each, decision, failure: failureOf(each, decision) };
  });
}

/** Denied for want of an answer of the engine is no verdict: with that answer the request may be allowed. */
function failureOf({ expected, guard, unanswered }: PolicyCase, decision: Decision): string | undefined {
  const { denied, needs, reason } = decision;
  if (needs.length > 0 && !unanswered) {
    const asked = needs.map(({ kind, reference }) => `${kind} ${JSON.stringify(reference)}`).join(', ');
    return `undecided: found has no answer about ${asked}`;
  }
  if (denied !== (expected === 'deny')) return `${denied ? 'denied' : 'allowed'}: ${reason}`;
  if (guard === undefined || guard === decision.guard) return undefined;
  return `denied, but not by the guard ${guard}: ${reason}`;
}
