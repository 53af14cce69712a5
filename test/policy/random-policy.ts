import { ROUTES } from '../../packages/policy/src/operations/table.ts';
import type { Random } from './random.ts';

const PARENTS = ['viewer', 'operator', 'debugger', 'builder', 'deployer', 'ci', 'admin', 'first'] as const;
const OPERATIONS = ROUTES.map(([operation]) => operation);
const GROUPS = [...new Set(ROUTES.map(([, , , group]) => `@${group}`))];
const NAMES = ['web-*', 'web-1', '*', '*-1', 'w*b-*', 'data'];
const IMAGES = [
  'alpine',
  'alpine:3',
  'registry.example/web/*',
  'registry.example/**',
  '**',
  '*',
  'web/app',
  'docker.io/library/alpine:*',
];

/** A policy of which the parser has nothing to say, and whose clients are those of random-request.ts. */
export function randomPolicy(random: Random): string {
  const roles = ['first', 'second', 'third'].map(
    (name) => `  ${name}: ${JSON.stringify(role(name, random))}`,
  );
  const subjects: [string, ...string[]] = [
    '{ cn: ann }',
    "{ cn: 'a*' }",
    '{ ou: ops, issuer: 00:11:22:33:44:55:66:77 }',
    "{ ou: ops, issuer: '8899aabbccddeeff' }",
    "{ uri: 'spiffe://x/*' }",
    "{ cn: ann, issuer: '8899aabbccddeeff' }",
    `{ fingerprint: ${'AB'.repeat(32)} }`,
  ];
  const until: [string, ...string[]] = ['', '', ', until: 2026-01-01', ', until: 2027-01-01T00:00:00Z'];
  const names: [string, ...string[]] = [
    'first',
    'second',
    'third',
    'viewer',
    'operator',
    'debugger',
    'builder',
    'deployer',
    'ci',
  ];
  const bindings = Array.from(
    { length: 2 + random.below(3) },
    () => `  - { role: ${random.pick(names)}, subjects: [${random.pick(subjects)}]${random.pick(until)} }`,
  );
  return [
    'apiVersion: docker-mtls/policy.v1',
    `mode: ${random.chance(3) ? 'observe' : 'enforce'}`,
    'roles:',
    ...roles,
    'bindings:',
    '  - { role: admin, subjects: [{ cn: root }] }',
    ...bindings,
    random.chance(50) ? `local: ${random.pick(['none', 'first', 'viewer'])}` : '',
    '',
  ].join('\n');
}

function role(name: string, random: Random): unknown {
  const parents = name === 'first' ? PARENTS.slice(0, -1) : PARENTS;
  const allow: [string[], ...string[][]] = [
    ['*'],
    ['*'],
    ['*'],
    [random.pick(GROUPS as [string])],
    random.some(OPERATIONS, 30),
    ['@create', '@services'],
  ];
  const guards: [object, ...object[]] = [
    {},
    { guards: 'restricted' },
    { guards: 'baseline' },
    { guards: 'baseline' },
    { guards: 'none' },
  ];
  const inherits = random.chance(40) ? { inherits: [parents[random.below(parents.length)]] } : {};
  const unknownFields = random.chance(20) ? { unknownFields: ['NewSetting'] } : {};
  const objects = random.chance(35) ? { objects: rule(random) } : {};
  return { ...inherits, allow: random.pick(allow), ...random.pick(guards), ...unknownFields, ...objects };
}

function rule(random: Random): unknown {
  return {
    ...(random.chance(50) ? { names: [NAMES[random.below(NAMES.length)]] } : {}),
    ...(random.chance(30) ? { labels: { team: 'web' } } : {}),
    ...(random.chance(40) ? { images: [IMAGES[random.below(IMAGES.length)]] } : {}),
  };
}
