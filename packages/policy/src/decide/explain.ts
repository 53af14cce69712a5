import { inspect } from '../body/inspect.ts';
import type { Breach } from '../body/check.ts';
import type { Policy } from '../document/policy.ts';
import { route } from '../route/route.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { PolicyRequest } from './request.ts';
import { grantsOf } from './subject.ts';

export type Explanation = {
  readonly decision: Decision;
  /** What each role of the client alone would lead to. */
  readonly roles: readonly { readonly role: string; readonly rule: string; readonly decision: Decision }[];
  /** Everything in the request that some guard refuses, whatever the policy says. */
  readonly risks: readonly Breach[];
};

export function explain(policy: Policy, request: PolicyRequest): Explanation {
  const grants = grantsOf({ policy, subject: request.subject, now: request.now });
  return {
    decision: decide(policy, request),
    roles: grants.map(({ role, rule }) => ({
      role: role.name,
      rule,
      decision: decide(withOne(policy, role.name), request),
    })),
    risks: risksOf(request),
  };
}

/** What a request could do to the host: for the audit log of roles that no guard holds back. */
export function risksOf(request: PolicyRequest): readonly Breach[] {
  const found = route(request.method, request.uri);
  return found === undefined ? [] : inspect(found, request).breaches;
}

function withOne(policy: Policy, role: string): Policy {
  const bindings = policy.bindings.map((binding) =>
    binding.role === role ? binding : { ...binding, subjects: [] },
  );
  return { ...policy, bindings };
}
