import { describe, expect, test } from '@jest/globals';
import { parse, parseCases, PolicyError, runCases } from '../index.ts';

const NOW = Date.UTC(2026, 5, 1);
const POLICY = parse(`apiVersion: docker-mtls/policy.v1
bindings:
  - { role: admin, subjects: [{ cn: root }] }
  - { role: deployer, subjects: [{ cn: dan }], until: 2026-07-01 }
`);

function problemOf(text: string): string {
  try {
    parseCases(text, { now: NOW });
    return 'accepted';
  } catch (error) {
    if (error instanceof PolicyError && error.code === 'POLICY_CASES_INVALID') return error.message;
    throw error;
  }
}

function failures(text: string): readonly (string | undefined)[] {
  return runCases(POLICY, parseCases(text, { now: NOW })).map(({ failure }) => failure);
}

/** One case of dan, who creates a container. */
function create(body: string, rest: string): string {
  return `- { about: a, as: dan, send: POST /containers/create, bodies: [${body}], ${rest} }\n`;
}

test('an entry is a case for each of its request lines and bodies, and says where it is', () => {
  const cases = parseCases(
    `# two entries\n- { about: a, as: dan, send: GET, uris: [/info, /version], expect: allow }\n` +
      `- { about: b, as: local, send: POST /volumes/create, bodies: [{}, { Name: a }], texts: ['x'], expect: deny }\n`,
    { now: NOW },
  );
  expect(cases.map(({ line, variant }) => `${line}: ${variant}`)).toEqual([
    '2: GET /info',
    '2: GET /version',
    '3: POST /volumes/create body 1',
    '3: POST /volumes/create body 2',
    '3: POST /volumes/create body 3',
  ]);
  expect(cases[3]?.request).toMatchObject({
    subject: { kind: 'local' },
    headers: { 'Content-Type': 'application/json', 'Content-Length': '12' },
    body: new TextEncoder().encode('{"Name":"a"}'),
    now: NOW,
  });
});

test.each([
  ['allowed, as expected', create('{ Image: a }', 'expect: allow'), undefined],
  [
    'denied, as expected',
    create('{ Image: a, HostConfig: { Privileged: true } }', 'expect: deny, guard: privileged'),
    undefined,
  ],
  ['allowed', create('{ Image: a }', 'expect: deny'), 'allowed: the role deployer allows it'],
  [
    'denied',
    create('{ Image: a, HostConfig: { Privileged: true } }', 'expect: allow'),
    'denied: privileged: HostConfig.Privileged is true',
  ],
  [
    'denied by another guard',
    create('{ Image: a, HostConfig: { Privileged: true } }', 'expect: deny, guard: devices'),
    'denied, but not by the guard devices: privileged: HostConfig.Privileged is true',
  ],
  [
    'undecided',
    create('{ Image: a, HostConfig: { Binds: [data:/d] } }', 'expect: deny'),
    'undecided: found has no answer about volume "data"',
  ],
  [
    'denied since the engine does not answer',
    create('{ Image: a, HostConfig: { Binds: [data:/d] } }', 'unanswered: true, expect: deny'),
    undefined,
  ],
  [
    'denied at another moment',
    create('{ Image: a }', 'at: 2026-08-01, expect: allow'),
    'denied: no binding gives this client a role',
  ],
])('a case can be %s', (_name, text, failure) => {
  expect(failures(text)).toEqual([failure]);
});

test('a headers entry of null omits a header', () => {
  const [only] = parseCases(create('{}', 'headers: { Content-Length: null, X-A: b }, expect: deny'), {
    now: NOW,
  });
  expect(only?.request.headers).toEqual({ 'Content-Type': 'application/json', 'X-A': 'b' });
});

function entry(rest: string): string {
  return `- { about: a, as: dan, send: GET /info, expect: allow${rest} }\n`;
}

describe('a list of cases is refused with its place', () => {
  test.each([
    ['', 'line 1, column 1: the list of cases is empty'],
    ['a: b', 'line 1, column 1: expected cases: a list'],
    ['[]', 'line 1, column 1: expected cases: a list that is not empty'],
    [entry(', expects: deny'), 'unknown key "expects"'],
    [entry(', expect: deny'), 'the key "expect" a second time'],
    [entry(', uris: [/a]'), 'line 1, column 30: a request line here, or uris'],
    ['- { about: a, as: dan, send: GET, expect: allow }\n', 'a request line here, or uris'],
    ['- { about: a, as: dan, send: GET /, expect: maybe }\n', '"maybe" is not one of allow, deny'],
    [entry(', guard: none'), '"none" is not a guard'],
    [entry(', at: tomorrow'), '"tomorrow" is not'],
    [entry(', at: 2026-02-30'), '"2026-02-30" is not a date'],
    [entry(', headers: { A: 1 }'), 'the header "A" is not text'],
    [entry(', engine: { unpacksSafely: yes }'), 'expected true or false'],
    [entry(', unanswered: 1'), 'expected true or false'],
    [entry(', bodies: [.inf]'), 'a number that JSON or a float has not'],
    [entry(', bodies: [12345678901234567890]'), 'a number that JSON or a float has not'],
    [entry(', base64: [_]'), '"_" is not base64'],
    [entry(', found: [{ kind: image, reference: a }]'), '"image" is not one of container'],
    ['- { about: a, as: { ou: [b] }, send: GET /, expect: deny }\n', 'the key "cn" is missing'],
    [`- &a ${entry('').slice(2)}- *a\n`, 'an anchor'],
    [`${entry('')}---\n${entry('')}`, 'a second document'],
    [`- ${'['.repeat(60)}${']'.repeat(60)}\n`, 'line 1'],
  ])('%j', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
    expect(problemOf(text)).toMatch(/^line \d+, column \d+: /);
  });
});
