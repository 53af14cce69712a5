import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseYaml } from 'yaml';
import { parse, policySchema, PRESETS as PRESET_MAP } from '../index.ts';
import type { Role } from '../index.ts';

const SCHEMA_FILE = path.join(import.meta.dirname, '../../policy.schema.json');
const PRESETS = [...PRESET_MAP];
const HEAD = 'apiVersion: docker-mtls/policy.v1\n';
const ADMIN = '{ role: admin, subjects: [{ cn: root }] }';
const BASE = `${HEAD}bindings: [${ADMIN}]\n`;

function problemOf(text: string): string {
  try {
    parse(text);
    return 'accepted';
  } catch (error) {
    return String((error as Error).message);
  }
}

function codeOf(text: string): unknown {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

function hintFor(text: string): unknown {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return (error as { hint?: unknown }).hint;
  }
}

const FULL = `${HEAD}mode: observe
roles:
  deploy-web:
    inherits: [viewer]
    allow: [ContainerCreate, '@lifecycle']
    guards: baseline
    unknownFields: [NewSetting]
    objects: { names: ['web-*'], labels: { team: web }, images: ['registry.example/web/**'] }
bindings:
  - role: admin
    subjects: [{ fingerprint: ${'AB:'.repeat(31)}AB }]
  - role: deploy-web
    subjects: [{ cn: 'ci-*' }, { ou: web, issuer: 00:11:22:33:44:55:66:77 }, { uri: 'spiffe://x/*', issuer: 0011223344556677 }]
    until: 2027-01-01
local: operator
audit: { level: request, durability: sync, rules: [{ operations: ['@ping'], level: none }] }
crl: { stale: deny }
`.replace('issuer: 0011223344556677', "issuer: '0011223344556677'");

test('a full policy is read as it is meant', () => {
  const policy = parse(FULL);
  expect(policy).toMatchObject({ mode: 'observe', local: 'operator', crl: { stale: 'deny' } });
  expect(policy.bindings).toEqual([
    { role: 'admin', subjects: [{ kind: 'fingerprint', value: 'ab'.repeat(32) }], until: undefined },
    {
      role: 'deploy-web',
      subjects: [
        { kind: 'cn', value: 'ci-*' },
        { kind: 'ou', value: 'web', issuer: '0011223344556677' },
        { kind: 'uri', value: 'spiffe://x/*', issuer: '0011223344556677' },
      ],
      until: Date.UTC(2027, 0, 1),
    },
  ]);
  const role = policy.roles.get('deploy-web');
  expect(role?.operations.has('ContainerStart')).toBe(true);
  expect(role?.operations.has('ContainerList')).toBe(true);
  expect(role?.operations.has('ContainerExec')).toBe(false);
  expect(role?.guards.has('privileged')).toBe(true);
  expect(role?.guards.has('build')).toBe(false);
  expect(role?.objects).toEqual([
    { names: ['web-*'], labels: { team: 'web' }, images: ['registry.example/web/**'] },
  ]);
  expect(policy.audit).toMatchObject({ level: 'request', durability: 'sync', rules: [{ level: 'none' }] });
});

test('what is not said is strict', () => {
  const policy = parse(`${BASE}roles: { own: { allow: [ContainerCreate] } }\n`);
  expect(policy).toMatchObject({ mode: 'enforce', local: undefined, crl: { stale: 'warn' } });
  expect(policy.roles.get('own')?.guards).toEqual(policy.roles.get('deployer')?.guards);
});

function roleOf(text: string): Role | undefined {
  return parse(`${BASE}roles: ${text}\n`).roles.get('own');
}

describe('a role that inherits', () => {
  test('has the strictest guards of its parents', () => {
    expect(roleOf('{ own: { inherits: [admin, ci], allow: [] } }')?.guards.has('privileged')).toBe(true);
    expect(roleOf('{ own: { inherits: [admin, viewer], allow: [] } }')?.guards.has('build')).toBe(true);
  });

  test('has no guards if it says so', () => {
    expect(roleOf('{ own: { inherits: [viewer], allow: [], guards: none } }')?.guards.size).toBe(0);
  });

  test('has the object rules of all, and the order of roles does not matter', () => {
    const role = roleOf(
      '{ own: { inherits: [other], allow: [], objects: { names: [a] } }, other: { allow: [], objects: { names: [b] } } }',
    );
    expect(role?.objects).toEqual([{ names: ['b'] }, { names: ['a'] }]);
  });
});

test.each([
  ['', 'line 1, column 1: the policy is empty'],
  ['a: b', 'line 1, column 1: unknown key "a"'],
  [`${HEAD}`, 'line 1, column 1: the key "bindings" is missing'],
  [`bindings: []`, 'line 1, column 1: the key "apiVersion" is missing'],
  ['apiVersion: docker-mtls/policy.v2\nbindings: []', 'line 1, column 13: "docker-mtls/policy.v2" is not'],
  [`${BASE}mode: off\n`, 'line 3, column 7: "off" is not'],
  [`${BASE}mode: true\n`, 'line 3, column 7: expected'],
  [`${BASE}mode:\n`, 'line 3, column'],
  [`${BASE}mode: enforce\nmode: observe\n`, 'line 4, column 1: the key "mode" a second time'],
  [`${BASE}<<: { mode: observe }\n`, 'line 3, column 1: unknown key "<<"'],
  [`${BASE}roles: { own: &a { allow: [] } }\n`, 'an anchor'],
  [`${HEAD}bindings: [&a ${ADMIN}, *a]\n`, 'line 2, column 15: an anchor'],
  [`${BASE}roles: { own: *a }\n`, 'line 3'],
  [`${BASE}mode: !!str enforce\n`, 'line 3, column 13: a tag'],
  [`${BASE}? [a]\n: b\n`, 'line 3, column 3: a key that is not text'],
  [`${BASE}---\nmode: enforce\n`, 'a second document'],
  [`%YAML 1.2\n---\n${BASE}`, 'a directive'],
  [`${BASE}roles: [\n`, 'line'],
  [`${BASE}\troles: {}\n`, 'line 3'],
  [`${BASE}roles: ${'['.repeat(40)}${']'.repeat(40)}\n`, 'line 3'],
  [`${BASE}roles: { own: { allow: [Everything] } }\n`, 'line 3, column 25: "Everything" is not'],
  [`${BASE}roles: { own: { allow: ['@all'] } }\n`, '"@all" is not'],
  [`${BASE}roles: { own: { allow: [containercreate] } }\n`, '"containercreate" is not'],
  [`${BASE}roles: { own: {} }\n`, 'line 3, column 15: the key "allow" is missing'],
  [`${BASE}roles: { own: { allow: [], deny: [] } }\n`, 'unknown key "deny"'],
  [`${BASE}roles: { own: { allow: [], constructor: [] } }\n`, 'unknown key "constructor"'],
  [`${BASE}roles: { own: { allow: [], guards: some } }\n`, '"some" is not'],
  [`${BASE}roles: { Own: { allow: [] } }\n`, 'line 3, column 10: the name "Own"'],
  [`${BASE}roles: { admin: { allow: [] } }\n`, 'line 3, column 10: the name "admin" is taken'],
  [`${BASE}roles: { none: { allow: [] } }\n`, 'the name "none" is taken'],
  [`${BASE}roles: { a: { inherits: [b], allow: [] } }\n`, 'line 3, column 26: no role is named "b"'],
  [`${BASE}roles: { a: { inherits: [b], allow: [] }, b: { inherits: [a], allow: [] } }\n`, 'inherits itself'],
  [`${BASE}roles: { a: { inherits: [a], allow: [] } }\n`, 'the role "a" inherits itself'],
  [`${BASE}roles: { a: { allow: [], objects: { names: [] } } }\n`, 'not empty'],
  [`${BASE}roles: { a: { allow: [], objects: {} } }\n`, 'at least one of names, labels, images'],
  [`${BASE}roles: { a: { allow: [], objects: { labels: {} } } }\n`, 'a map that is not empty'],
  [`${BASE}local: nobody\n`, 'line 3, column 8: no role is named "nobody"'],
  [
    `${HEAD}bindings: [{ role: nobody, subjects: [{ cn: a }] }]\n`,
    'line 2, column 20: no role is named "nobody"',
  ],
  [`${HEAD}bindings: [{ role: admin, subjects: [] }]\n`, 'not empty'],
  [`${HEAD}bindings: [{ role: admin, subjects: [{ cn: '*' }] }]\n`, 'administrator role admin'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ cn: 'a*b' }] }]\n`, 'a * before the end'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ ou: a }] }]\n`, 'the key "issuer" is missing'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ cn: a, fingerprint: b }] }]\n`, 'one of cn, ou'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{}] }]\n`, 'one of cn, ou'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ cn: 12 }] }]\n`, 'expected'],
  [`${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ fingerprint: abcd }] }]\n`, '"abcd" is not'],
  [
    `${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ cn: a }], until: 2027-02-30 }]\n`,
    '"2027-02-30" is not a date',
  ],
  [
    `${HEAD}bindings: [${ADMIN}, { role: viewer, subjects: [{ cn: a }], until: tomorrow }]\n`,
    '"tomorrow" is not',
  ],
])('the policy %j is refused with its place', (text, problem) => {
  expect(problemOf(text)).toContain(problem);
  expect(problemOf(text)).toMatch(/^line \d+, column \d+: /);
});

test.each([
  ['without bindings', `${HEAD}bindings: []\n`],
  [
    'with an administrator whose binding ends',
    `${HEAD}bindings: [{ role: admin, subjects: [{ cn: a }], until: 2999-01-01 }]\n`,
  ],
  [
    'with a guarded administrator',
    `${HEAD}roles: { boss: { allow: ['*'], guards: baseline } }\nbindings: [{ role: boss, subjects: [{ cn: a }] }]\n`,
  ],
  [
    'with an administrator of some objects',
    `${HEAD}roles: { boss: { allow: ['*'], guards: none, objects: { names: [a] } } }\nbindings: [{ role: boss, subjects: [{ cn: a }] }]\n`,
  ],
])('a policy %s is refused: it has no administrator', (_name, text) => {
  expect(codeOf(text)).toBe('POLICY_NO_ADMINISTRATOR');
});

test.each([
  ['the unix socket', `${HEAD}bindings: []\nlocal: admin\n`],
  [
    'a role of another name',
    `${HEAD}roles: { boss: { allow: ['*'], guards: none } }\nbindings: [{ role: boss, subjects: [{ cn: a }] }]\n`,
  ],
  [
    'a role that inherits from it',
    `${HEAD}roles: { boss: { inherits: [admin], allow: [] } }\nbindings: [{ role: boss, subjects: [{ cn: a }] }]\n`,
  ],
])('%s can be the administrator', (_name, text) => {
  expect(codeOf(text)).toBeUndefined();
});

test('a policy that is too large is not read', () => {
  expect(codeOf(`${BASE}#${'x'.repeat(300_000)}`)).toBe('POLICY_TOO_LARGE');
});

test('many keys and deep nesting end in an error, not in a wait or a crash', () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('');
  expect(codeOf(BASE + keys)).toBe('POLICY_INVALID');
  expect(codeOf(`${BASE}roles: ${'{a: '.repeat(50_000)}`)).toBe('POLICY_INVALID');
});

describe('the published schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(fs.readFileSync(SCHEMA_FILE, 'utf8')) as object,
  );

  test('is what the parser checks by', () => {
    expect(JSON.parse(fs.readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(policySchema());
  });

  test.each([
    [FULL, true],
    [BASE, true],
    [`${BASE}mode: off\n`, false],
    [`${BASE}modes: enforce\n`, false],
    [`${BASE}roles: { own: { allow: [Everything] } }\n`, false],
    [`${BASE}roles: { own: { allow: [], objects: {} } }\n`, false],
    [`${BASE}roles: { Own: { allow: [] } }\n`, false],
    [`${BASE}roles: { own: {} }\n`, false],
    [`${HEAD}`, false],
    [`${HEAD}bindings: [{ role: viewer, subjects: [{ ou: a }] }]\n`, false],
    [`${HEAD}bindings: [{ role: viewer, subjects: [{ cn: a, fingerprint: b }] }]\n`, false],
    [`${HEAD}bindings: [{ role: viewer, subjects: [] }]\n`, false],
    [`${HEAD}bindings: [{ role: viewer, subjects: [{ cn: 12 }] }]\n`, false],
    [`${HEAD}bindings: [{ role: viewer, subjects: [{ cn: a }], until: tomorrow }]\n`, false],
    [`${BASE}audit: { level: all }\n`, false],
  ])('judges %j like the parser', (text, isValid) => {
    expect(validate(parseYaml(text))).toBe(isValid);
    expect(codeOf(text) === undefined).toBe(isValid);
  });

  test.each(PRESETS)('accepts the preset %s', (_name, { text }) => {
    expect(validate(parseYaml(text))).toBe(true);
  });

  test('refuses nothing that the parser takes, and what the parser refuses by its form', () => {
    const full = parseYaml(FULL) as unknown;
    const values = [1, null, true, '', 'x', 'a*', [], ['x'], {}, { x: 1 }];
    const differences = placesIn(full).flatMap((place) =>
      values.flatMap((value) => {
        const changed = replaced(full, place, value);
        const problem = problemOf(JSON.stringify(changed));
        const isRefusedByForm = problem !== 'accepted' && !BY_MEANING.test(problem);
        return validate(changed) === !isRefusedByForm ? [] : [{ place, value, problem }];
      }),
    );
    expect(differences).toEqual([]);
  });
});

/** What no schema can say: it takes more than one value. */
const BY_MEANING =
  /nobody would be|no role is named|name "\w+" is taken|is not a date|a \* (?:before|for)|inherits itself/;

type Path = readonly (string | number)[];

function placesIn(value: unknown, above: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [above];
  return [above, ...Object.entries(value).flatMap(([name, member]) => placesIn(member, [...above, name]))];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}

test.each([
  ['a tab', 'bindings:\n\t- role: admin\n', 'indent with spaces'],
  [
    'a key that stands too far left',
    'roles:\n  a:\n    allow: []\n   guards: none\n',
    'indent it with spaces',
  ],
  [
    'a key that stands too far left in a list',
    'bindings:\n  - role: admin\n   until: x\n',
    'indent it with spaces',
  ],
  [
    'a key that stands too far right',
    'bindings:\n  - role: admin\n      until: x\n',
    'indent it with spaces',
  ],
  ['a colon without a space', 'mode:enforce\nlocal: admin\n', 'a space after the colon'],
  ['a group without quotes', 'roles: { a: { allow: [@ping] } }\n', 'in quotes'],
])('%s in YAML comes with a hint that helps', (_, text, hint) => {
  expect(hintFor(`${HEAD}${text}`)).toContain(hint);
});

/** Each role inherits the next one, as often as it says. */
function chainOfRoles(count: number, times: number): string {
  const roles = Array.from({ length: count }, (_, index) => {
    const parents = Array.from({ length: times }, () => `r${index + 1}`).join(', ');
    return `  r${index}: { inherits: [${parents}], allow: [], objects: { names: [a] } }\n`;
  });
  const head = 'apiVersion: docker-mtls/policy.v1\nbindings: []\nlocal: admin\nroles:\n';
  return `${head}${roles.join('')}  r${count}: { allow: [], objects: { names: [a] } }\n`;
}

test('an object rule that a role inherits over several ways is there once', () => {
  expect(parse(chainOfRoles(18, 2)).roles.get('r0')?.objects).toHaveLength(19);
});

function outcomeOf(text: string): unknown {
  try {
    parse(text);
    return 'valid';
  } catch (error) {
    return (error as Error & { code?: string }).code;
  }
}

test.each([
  [31, true],
  [32, false],
  [3000, false],
])('a role that inherits over %d others is valid: %s', (count, isValid) => {
  const text = chainOfRoles(count, 1);
  const [head = '', roles = ''] = text.split('roles:\n');
  const reversed = `${head}roles:\n${roles.trimEnd().split('\n').toReversed().join('\n')}\n`;
  expect([outcomeOf(text), outcomeOf(reversed)]).toEqual(
    Array.from({ length: 2 }, () => (isValid ? 'valid' : 'POLICY_INVALID')),
  );
});
