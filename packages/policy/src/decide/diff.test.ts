import { describe, expect, test } from '@jest/globals';
import { diff, parse, whoCan } from '../index.ts';

const HEAD = 'apiVersion: docker-mtls/policy.v1\n';
const ADMIN = '{ role: admin, subjects: [{ cn: root }] }';

/** A policy with one role and what binds it. */
function policy(role: string, { binding = '', rest = '' }: { binding?: string; rest?: string } = {}) {
  return parse(
    `${HEAD}roles: { own: ${role} }\nbindings: [${ADMIN}${binding === '' ? '' : `, ${binding}`}]\n${rest}`,
  );
}

const OLD =
  '{ allow: [ContainerStop, ContainerExec], guards: baseline, objects: { names: [a, b], labels: { team: x } } }';

test('a policy is no wider than itself', () => {
  expect(diff(policy(OLD), policy(OLD))).toEqual({ widened: [], narrowed: [] });
});

test('a new operation is listed with every guard that does not hold it back', () => {
  const { widened, narrowed } = diff(
    policy('{ allow: [] }'),
    policy('{ allow: [ContainerExec], guards: none }'),
  );
  expect(widened.map(({ role, action, guard }) => [role, action, guard])).toEqual([
    ['own', 'ContainerExec', undefined],
    ...['body', 'unknown-fields', 'query', 'privileged', 'exec-user', 'upload'].map((guard) => [
      'own',
      'ContainerExec',
      guard,
    ]),
  ]);
  expect(narrowed).toEqual([]);
});

test('guards that are lifted are listed for each operation they are for', () => {
  const { widened } = diff(
    policy('{ allow: [ContainerUpdate, ContainerStop] }'),
    policy('{ allow: [ContainerUpdate, ContainerStop], guards: baseline }'),
  );
  expect(widened.map(({ action, guard }) => [action, guard])).toEqual([['ContainerUpdate', 'limits']]);
});

test('what one way widens, the other way narrows', () => {
  const next = policy('{ allow: [ContainerStop, ContainerKill], guards: none, objects: { names: [a] } }');
  expect(diff(policy(OLD), next).widened).toEqual(diff(next, policy(OLD)).narrowed);
});

/** Does a role in the place of the old one reach more objects? */
function widenedBy(role: string): boolean {
  return diff(policy(OLD), policy(role)).widened.some(({ guard }) => guard === 'objects');
}

describe('objects', () => {
  test.each([
    ['a name more', 'names: [a, b, c], labels: { team: x }', true],
    ['a pattern', "names: ['*'], labels: { team: x }", true],
    ['no names', 'labels: { team: x }', true],
    ['no labels', 'names: [a, b]', true],
    ['another label', 'names: [a, b], labels: { team: y }', true],
    ['a name less', 'names: [a], labels: { team: x }', false],
    ['a label more', 'names: [a, b], labels: { team: x, more: y }', false],
    ['images besides', 'names: [a, b], labels: { team: x }, images: [c]', false],
  ])('with %s', (_name, objects, isWider) => {
    expect(
      widenedBy(`{ allow: [ContainerStop, ContainerExec], guards: baseline, objects: { ${objects} } }`),
    ).toBe(isWider);
  });

  test('without any rule', () => {
    expect(widenedBy('{ allow: [ContainerStop, ContainerExec], guards: baseline }')).toBe(true);
  });
});

test('an unchecked member is listed', () => {
  const { widened } = diff(
    policy('{ allow: [ContainerExec] }'),
    policy('{ allow: [ContainerExec], unknownFields: [New] }'),
  );
  expect(widened.map(({ guard }) => guard)).toEqual(['unknown:new']);
});

describe('holders', () => {
  const binding =
    '{ role: own, subjects: [{ cn: a }, { ou: b, issuer: 00:11:22:33:44:55:66:77 }], until: 2027-01-01 }';
  const old = policy(OLD, { binding });
  const holdersOf = (next: Parameters<typeof policy>[1]): readonly string[] =>
    diff(old, policy(OLD, next)).widened.map(({ holder, role }) => `${holder}: ${role}`);

  test.each([
    ['no one new', { binding }, []],
    ['a shorter time', { binding: binding.replace('2027', '2026') }, []],
    [
      'a longer time',
      { binding: binding.replace('2027', '2028') },
      ['cn a: own', 'ou b issued by 0011223344556677: own'],
    ],
    ['no end', { binding: '{ role: own, subjects: [{ cn: a }] }' }, ['cn a: own']],
    [
      'another issuer',
      { binding: binding.replace('00:11', '11:11') },
      ['ou b issued by 1111223344556677: own'],
    ],
    ['someone new', { binding: '{ role: viewer, subjects: [{ cn: a }] }' }, ['cn a: viewer']],
    ['the socket', { binding, rest: 'local: viewer\n' }, ['local: viewer']],
    ['mode observe', { binding, rest: 'mode: observe\n' }, ['mode observe: *']],
  ])('with %s', (_name, next, expected) => {
    expect(holdersOf(next)).toEqual(expected);
  });
});

function subjects(of: string): Parameters<typeof diff>[0] {
  return policy(OLD, { binding: `{ role: own, subjects: [${of}] }` });
}

describe('a subject', () => {
  test.each([
    ["{ cn: 'ci-*' }", '{ cn: ci-web }', false],
    ["{ cn: 'ci-*' }", "{ cn: 'ci-web-*' }", false],
    ["{ cn: 'ci-web-*' }", "{ cn: 'ci-*' }", true],
    ["{ cn: 'ci-*' }", '{ cn: other }', true],
    ["{ cn: 'ci-*' }", "{ uri: 'ci-a' }", true],
    ['{ cn: a }', '{ cn: a, issuer: 00:11:22:33:44:55:66:77 }', false],
    ['{ cn: a, issuer: 00:11:22:33:44:55:66:77 }', '{ cn: a }', true],
    ["{ cn: 'a*', issuer: 00:11:22:33:44:55:66:77 }", '{ cn: ab, issuer: 11:11:22:33:44:55:66:77 }', true],
    ["{ cn: 'a*', issuer: 00:11:22:33:44:55:66:77 }", '{ cn: ab, issuer: 00:11:22:33:44:55:66:77 }', false],
  ])('of %s, then %s: wider is %j', (before, after, isWider) => {
    expect(diff(subjects(before), subjects(after)).widened.length > 0).toBe(isWider);
  });
});

test('a list of revoked certificates that may be stale is wider', () => {
  const strict = policy(OLD, { rest: 'crl: { stale: deny }\n' });
  expect(diff(strict, policy(OLD)).widened.map(({ holder }) => holder)).toEqual(['crl stale']);
});

describe('who can', () => {
  const all = parse(`${HEAD}roles: { own: { allow: [ContainerExec], guards: none, objects: { names: [a] } } }
bindings:
  - ${ADMIN}
  - { role: own, subjects: [{ cn: a }] }
  - { role: debugger, subjects: [{ cn: b }] }
  - { role: debugger, subjects: [{ cn: c }], until: 2026-01-01 }
  - { role: viewer, subjects: [{ cn: d }] }
local: debugger
`);
  const now = Date.UTC(2026, 5, 1);

  test('use an operation', () => {
    const holders = whoCan(all, { operations: new Set(['ContainerExec']), now });
    expect(holders.map(({ role, rule, isLimited }) => [role, rule, isLimited])).toEqual([
      ['admin', 'bindings[0]', false],
      ['own', 'bindings[1]', true],
      ['debugger', 'bindings[2]', false],
      ['debugger', 'local', false],
    ]);
  });

  test('use it in the way that a guard refuses', () => {
    const holders = whoCan(all, { operations: new Set(['ContainerExec']), guard: 'privileged', now });
    expect(holders.map(({ role }) => role)).toEqual(['admin', 'own']);
  });
});
