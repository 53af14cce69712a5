import { expect, test } from '@jest/globals';
import { decide, GUARD_NAMES, parse, PolicyError, risksOf } from '@docker-mtls/policy';
import type { Policy } from '@docker-mtls/policy';
import { naiveReading } from './naive.ts';
import { randomPolicy } from './random-policy.ts';
import { randomRequest } from './random-request.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';

/** Of policies and requests; set `POLICY_PAIRS` for more. */
const PAIRS = Number(process.env['POLICY_PAIRS'] ?? 10_000);
const REQUESTS_PER_POLICY = 20;

/** The parser refuses some: a pattern for a role that happens to be an administrator's. */
function usablePolicy(random: Random): { readonly text: string; readonly policy: Policy } {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const text = randomPolicy(random);
    try {
      return { text, policy: parse(text) };
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
    }
  }
  throw new Error('no usable policy in a hundred');
}

test('a naive reading of the documentation decides every random request alike', () => {
  const random = seeded(20_260_601);
  const differences: unknown[] = [];
  const guards = new Set<unknown>();
  const rules = new Map<string, number>();
  for (let pair = 0; pair < PAIRS; pair += REQUESTS_PER_POLICY) {
    const { text, policy } = usablePolicy(random);
    const naive = naiveReading(text);
    for (let request = 0; request < REQUESTS_PER_POLICY; request += 1) {
      const asked = randomRequest(random);
      const decision = decide(policy, asked);
      if (decision.rule === 'guards') for (const { guard } of risksOf(asked)) guards.add(guard);
      const rule = decision.allow ? 'allow' : decision.rule;
      rules.set(rule, (rules.get(rule) ?? 0) + 1);
      if (decision.allow !== naive(asked)) {
        const body = asked.body === undefined ? undefined : new TextDecoder().decode(asked.body);
        differences.push({ text, asked: { ...asked, body, found: undefined }, decision });
      }
    }
  }
  expect(differences.slice(0, 3)).toEqual([]);
  expect(GUARD_NAMES.filter((guard) => !guards.has(guard))).toEqual([]);
  // A sample that allows nothing, or never reaches a kind of rule, would prove nothing.
  for (const rule of ['allow', 'guards', 'objects', 'roles', 'bindings', 'route']) {
    expect([rule, (rules.get(rule) ?? 0) > PAIRS / 200]).toEqual([rule, true]);
  }
});
