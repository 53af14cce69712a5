import { describe, expect, test } from '@jest/globals';
import { disagreements, readCases, readPolicyText } from '../testing/conformance.ts';
import { decide, GUARD_NAMES, parse } from './index.ts';
import type { GuardName, Policy } from './index.ts';

const CASES = readCases();
const POLICY = parse(readPolicyText());

/** The policy with one guard taken out of every role. */
function without(guard: GuardName): Policy {
  const roles = [...POLICY.roles].map(([name, role]) => {
    return [name, { ...role, guards: new Set([...role.guards].filter((each) => each !== guard)) }] as const;
  });
  return { ...POLICY, roles: new Map(roles) };
}

test('there are at least 300 hostile cases', () => {
  expect(CASES.filter(({ expected }) => expected === 'deny').length).toBeGreaterThan(300);
});

test('the runner finds what another implementation gets wrong', async () => {
  const allowed = CASES.filter(({ expected }) => expected === 'allow').length;
  expect(await disagreements(CASES, () => false)).toHaveLength(allowed);
});

test.each(CASES)('$title', ({ request, expected, guard }) => {
  const decision = decide(POLICY, request);
  expect({ allow: decision.allow, guard: decision.guard }).toEqual({
    allow: expected === 'allow',
    guard: guard ?? (decision.allow ? undefined : decision.guard),
  });
});

describe.each(GUARD_NAMES)('without the guard %s', (guard) => {
  const cases = CASES.filter((each) => each.guard === guard);
  const weaker = without(guard);

  test('some hostile request is allowed', () => {
    expect(cases.filter(({ request }) => decide(weaker, request).allow)).not.toHaveLength(0);
  });
});
