import { describe, expect, test } from '@jest/globals';
import { decide, denialText, explain, GUARD_NAMES, OPERATIONS, parse, risksOf } from '../index.ts';
import type { Found, Operation, PolicyRequest } from '../index.ts';
import { ROUTES } from '../operations/table.ts';
import { guardsOfOperation } from './guards-of-operation.ts';
import { readCases, readPolicyText } from '../../testing/conformance.ts';

const POLICY = parse(`apiVersion: docker-mtls/policy.v1
roles:
  web: { inherits: [debugger], allow: [], objects: { names: ['web-*'] } }
  linker: { allow: [ContainerCreate], guards: none, objects: { names: ['web-*'] } }
bindings:
  - { role: admin, subjects: [{ cn: root }] }
  - { role: viewer, subjects: [{ cn: alice }] }
  - { role: deployer, subjects: [{ cn: dan }] }
  - { role: web, subjects: [{ cn: wendy }] }
  - { role: viewer, subjects: [{ cn: both }] }
  - { role: deployer, subjects: [{ cn: both }] }
  - { role: linker, subjects: [{ cn: lee }] }
local: operator
`);

function request(commonName: string, send: string, body?: unknown): PolicyRequest {
  const [method = '', uri = ''] = send.split(' ');
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return {
    subject: {
      kind: 'certificate',
      commonName,
      organizationalUnits: [],
      uris: [],
      fingerprint: '',
      issuer: '',
    },
    method,
    uri,
    headers: bytes === undefined ? { 'Content-Length': '0' } : { 'Content-Type': 'application/json' },
    body: bytes,
    now: 0,
    engine: { unpacksSafely: false },
    found: [],
  };
}

function denial(asked: PolicyRequest): string {
  return denialText(decide(POLICY, asked), { subject: asked.subject, auditId: 'a1b2c3' });
}

describe('a denial names who, what and what is missing', () => {
  test.each([
    [
      request('alice', 'POST /containers/create', {}),
      'docker-mtls: alice (role viewer) may not ContainerCreate [a1b2c3]',
    ],
    [
      request('dan', 'POST /containers/create', { HostConfig: { Privileged: true } }),
      'docker-mtls: dan (role deployer) may not ContainerCreate: privileged: HostConfig.Privileged is true [a1b2c3]',
    ],
    [request('nobody', 'GET /info'), 'docker-mtls: nobody (without a role) may not SystemInfo [a1b2c3]'],
    [
      request('root', 'GET /unknown'),
      'docker-mtls: root may not send this request: no operation of the engine that docker-mtls knows [a1b2c3]',
    ],
    [
      { ...request('', 'POST /containers/create', {}), subject: { kind: 'local' as const } },
      'docker-mtls: a local client (role operator) may not ContainerCreate [a1b2c3]',
    ],
  ])('%#', (asked, expected) => {
    expect(denial(asked)).toBe(expected);
  });
});

function container(name: string): Found {
  return { kind: 'container', reference: 'c1', object: { name, labels: {} } };
}

describe('objects', () => {
  const exec: Found = {
    kind: 'exec',
    reference: 'e1',
    object: { name: '', labels: {}, container: 'c1', privileged: false, user: '' },
  };
  const start = request('wendy', 'POST /exec/e1/start', { Detach: true });

  test('are asked for one after the other, and denied until then', () => {
    expect(decide(POLICY, start)).toMatchObject({
      allow: false,
      needs: [{ kind: 'exec', reference: 'e1' }],
    });
    expect(decide(POLICY, { ...start, found: [exec] })).toMatchObject({
      allow: false,
      needs: [{ kind: 'container', reference: 'c1' }],
    });
    expect(decide(POLICY, { ...start, found: [exec, container('web-1')] })).toMatchObject({
      allow: true,
      needs: [],
    });
    expect(decide(POLICY, { ...start, found: [exec, container('db-1')] })).toMatchObject({
      allow: false,
      needs: [],
    });
  });

  test.each(['POST /containers/a%2F..%2Fb/stop', 'POST /containers/a/b/stop', 'POST /containers/-x/stop'])(
    'that are named oddly are never asked for: %s',
    (send) => {
      expect(decide(POLICY, request('wendy', send))).toMatchObject({ allow: false, needs: [] });
    },
  );
});

test('a client with several roles is allowed what one of them allows', () => {
  expect(decide(POLICY, request('both', 'POST /containers/create', { Image: 'a' }))).toMatchObject({
    allow: true,
    role: 'deployer',
    rule: 'bindings[5]',
  });
});

test('mode observe allows, and says what enforce would do', () => {
  const observing = { ...POLICY, mode: 'observe' as const };
  expect(decide(observing, request('alice', 'POST /containers/a/stop'))).toMatchObject({
    allow: true,
    denied: true,
    rule: 'roles',
  });
  expect(decide(observing, request('alice', 'GET /info'))).toMatchObject({ allow: true, denied: false });
});

test.each([
  ['an administrator', 'root', 3 * 1024 * 1024, true],
  ['an administrator', 'root', 3 * 1024 * 1024 + 1, false],
  ['a guarded role', 'dan', 1024 * 1024, true],
  ['a guarded role', 'dan', 1024 * 1024 + 1, false],
])('%s (%s) with a body of %i bytes: allowed is %s', (_who, name, size, isAllowed) => {
  const empty = JSON.stringify({ Image: 'a', Hostname: '' }).length;
  const asked = request(name, 'POST /containers/create', { Image: 'a', Hostname: 'x'.repeat(size - empty) });
  expect(asked.body?.length).toBe(size);
  expect(decide(POLICY, asked).allow).toBe(isAllowed);
});

test('a body of escapes alone is read', () => {
  const asked = request('dan', 'POST /containers/create', { Image: 'a', Hostname: '\\'.repeat(400_000) });
  expect(decide(POLICY, asked).allow).toBe(true);
});

test('an explanation says what each role would lead to, and every risk', () => {
  const asked = request('both', 'POST /containers/create', {
    Image: 'a',
    HostConfig: { Privileged: true, PidMode: 'host' },
  });
  const { decision, roles, risks } = explain(POLICY, asked);
  expect(decision).toMatchObject({ allow: false, role: 'deployer', guard: 'privileged' });
  expect(roles.map((each) => [each.role, each.decision.rule])).toEqual([
    ['viewer', 'roles'],
    ['deployer', 'guards'],
  ]);
  expect(risks.map(({ guard, where }) => [guard, where])).toEqual([
    ['privileged', 'HostConfig.Privileged'],
    ['host-namespace', 'HostConfig.PidMode'],
  ]);
});

test('a local client is explained by its own role', () => {
  const asked = { ...request('', 'POST /containers/create', {}), subject: { kind: 'local' as const } };
  expect(explain(POLICY, asked).roles).toMatchObject([{ role: 'operator', decision: { rule: 'roles' } }]);
});

test('the risks of what an administrator does are known for the audit log', () => {
  const asked = request('root', 'POST /containers/create', { Image: 'a', HostConfig: { Binds: ['/:/h'] } });
  expect(decide(POLICY, asked).allow).toBe(true);
  expect(risksOf(asked).map(({ guard }) => guard)).toEqual(['host-bind']);
  expect(risksOf(request('root', 'GET /unknown'))).toEqual([]);
});

describe('taking one operation out of a role', () => {
  const policy = parse(readPolicyText());

  test.each([...OPERATIONS])('denies %s', (operation: Operation) => {
    const [, method, template] = ROUTES.find(([name]) => name === operation) ?? [];
    const asked = request('admin', `${method} ${(template ?? '').replaceAll(/\{\w+\}/g, 'x')}`);
    const admin = policy.roles.get('admin');
    if (admin === undefined) throw new Error('no admin');
    const less = {
      ...admin,
      operations: new Set([...admin.operations].filter((each) => each !== operation)),
    };
    const isPing = operation.startsWith('SystemPing');
    expect(decide(policy, asked).allow).toBe(true);
    expect(decide({ ...policy, roles: new Map([...policy.roles, ['admin', less]]) }, asked).allow).toBe(
      isPing,
    );
  });
});

test('the guards listed for an operation are those that its requests breach', () => {
  const listed = new Set(
    GUARD_NAMES.filter((guard) =>
      [...OPERATIONS].some((operation) => guardsOfOperation(operation).includes(guard)),
    ),
  );
  expect([...listed]).toEqual(GUARD_NAMES);
  const policy = parse(readPolicyText());
  for (const { request: asked, variant } of readCases()) {
    const { operation, guard } = decide(policy, asked);
    if (operation === undefined || guard === undefined) continue;
    expect([variant, guardsOfOperation(operation)]).toEqual([variant, expect.arrayContaining([guard])]);
  }
});

const MANY = 150_000;
const names = Array.from({ length: MANY }, (_, index) => index.toString(36));
const each = (value: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.slice(0, 60_000).map((name) => [name, value]));

test.each<[string, unknown]>([
  ['members that are unknown', each(0)],
  ['links', { HostConfig: { Links: names } }],
  ['mounts without a type', { HostConfig: { Mounts: names.map(() => 0) } }],
  ['capabilities', { HostConfig: { CapAdd: names } }],
  ['volumes', { HostConfig: { Binds: names.slice(0, 90_000).map((name) => `v${name}:/`) } }],
  ['networks', { NetworkingConfig: { EndpointsConfig: each(null) } }],
  ['options of a network', { NetworkingConfig: { EndpointsConfig: { a: { DriverOpts: each('') } } } }],
])('of a body that is full of %s, guards look at a part, and refuse it', (_what, body) => {
  const found = risksOf(request('dan', 'POST /containers/create', body));
  expect(found.length).toBeLessThan(1010);
  expect(found.at(-1)).toMatchObject({
    guard: 'body',
    problem: 'the body asks for more than guards look at',
  });
  for (const name of ['dan', 'lee'])
    expect(decide(POLICY, request(name, 'POST /containers/create?name=web-1', body))).toMatchObject({
      allow: false,
      rule: 'guards',
    });
});

test('a container with 10,000 published ports is no such body', () => {
  const ports = Array.from({ length: 10_000 }, (_, index) => `${10_000 + index}/udp`);
  const body = {
    Image: 'a',
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: '', HostPort: '' }]])),
    },
  };
  expect(decide(POLICY, request('dan', 'POST /containers/create', body))).toMatchObject({ allow: true });
});

const LONG = 'x'.repeat(1_000_000);

test.each<[string, string, unknown]>([
  ['dan', 'POST /containers/create', { [LONG]: 0 }],
  ['dan', 'POST /containers/create', { HostConfig: { Binds: [`${LONG}:/x:exec`] } }],
  ['wendy', `DELETE /containers/${LONG}`, undefined],
  ['wendy', 'POST /networks/web-net/connect', { Container: LONG }],
  ['lee', `POST /containers/create?name=${LONG}`, { Image: 'a' }],
])('what %s calls something at length is not told at length', (name, send, body) => {
  const asked = request(name, send, body);
  expect(decide(POLICY, asked)).toMatchObject({ allow: false });
  expect(denial(asked).length).toBeLessThan(1024);
});
