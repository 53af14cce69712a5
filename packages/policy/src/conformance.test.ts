import { describe, expect, test } from '@jest/globals';
import { readCases, readPolicyText } from '../testing/conformance.ts';
import { decide, GUARD_NAMES, parse, runCases } from './index.ts';
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

test('the runner finds what another policy decides differently', () => {
  const nobody = parse('apiVersion: docker-mtls/policy.v1\nbindings: []\nlocal: admin\n');
  const failed = runCases(nobody, CASES).filter(({ failure }) => failure !== undefined);
  expect(failed.length).toBeGreaterThan(CASES.filter(({ expected }) => expected === 'allow').length / 2);
  expect(failed.length).toBeLessThan(CASES.length);
});

const TITLED = runCases(POLICY, CASES).map((result, index) => [titleOf(result.case, index), result] as const);

function titleOf({ about, variant, request }: (typeof CASES)[number], index: number): string {
  const text = request.body === undefined ? '' : new TextDecoder().decode(request.body);
  return `${index + 1}. ${about} (${JSON.stringify(variant)} ${text})`.slice(0, 300);
}

test.each(TITLED)('%s', (_title, { failure }) => {
  expect(failure).toBeUndefined();
});

describe.each(GUARD_NAMES)('without the guard %s', (guard) => {
  const cases = CASES.filter((each) => each.guard === guard);
  const weaker = without(guard);

  test('some hostile request is allowed', () => {
    expect(cases.filter(({ request }) => decide(weaker, request).allow)).not.toHaveLength(0);
  });
});
