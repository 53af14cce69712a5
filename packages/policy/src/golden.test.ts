import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { decide, OPERATIONS, parse, route } from './index.ts';
import type { Operation, Policy, PolicyRequest } from './index.ts';
import { ROUTES } from './operations/table.ts';

const FILE = path.join(import.meta.dirname, '../conformance/roles.txt');
const ROLES = ['viewer', 'operator', 'debugger', 'builder', 'deployer', 'ci', 'admin'];
const POLICY = parse(`apiVersion: docker-mtls/policy.v1
bindings: [${ROLES.map((role) => `{ role: ${role}, subjects: [{ cn: ${role} }] }`).join(', ')}]`);

/** A request that no guard has a reason to refuse. Others need no body. */
const BODIES: Partial<Record<Operation, unknown>> = {
  ContainerCreate: { Image: 'alpine' },
  ContainerUpdate: { Memory: 1 },
  ContainerExec: { Cmd: ['ls'] },
  ExecStart: { Detach: false },
  NetworkConnect: { Container: 'x' },
  NetworkDisconnect: { Container: 'x' },
  ServiceCreate: { Name: 'x' },
  ServiceUpdate: { Name: 'x' },
  VolumeCreate: { Name: 'x' },
  VolumeUpdate: {},
  NetworkCreate: { Name: 'x' },
  SecretCreate: { Name: 'x' },
  SecretUpdate: { Name: 'x' },
  ConfigCreate: { Name: 'x' },
  ConfigUpdate: { Name: 'x' },
};

function requestOf(role: string, [operation, method, template]: (typeof ROUTES)[number]): PolicyRequest {
  const body = BODIES[operation] === undefined ? undefined : Buffer.from(JSON.stringify(BODIES[operation]));
  return {
    subject: {
      kind: 'certificate',
      commonName: role,
      organizationalUnits: [],
      uris: [],
      fingerprint: '',
      issuer: '',
    },
    method,
    uri: template.replaceAll(/\{\w+\}/g, 'x'),
    headers: body === undefined ? { 'Content-Length': '0' } : { 'Content-Type': 'application/json' },
    body,
    now: 0,
    engine: { unpacksSafely: true },
    found: [
      {
        kind: 'exec',
        reference: 'x',
        object: { name: '', labels: {}, container: 'x', privileged: false, user: '' },
      },
    ],
  };
}

function verdict(policy: Policy, request: PolicyRequest): string {
  return decide(policy, request).allow ? 'yes' : '-';
}

function matrix(): string {
  const head = ['operation'.padEnd(26), ...ROLES.map((role) => role.padEnd(9))].join('').trimEnd();
  const rows = ROUTES.map((row) => {
    const verdicts = ROLES.map((role) => verdict(POLICY, requestOf(role, row)).padEnd(9));
    return [row[3], `${row[0].padEnd(26)}${verdicts.join('')}`.trimEnd()] as const;
  });
  const groups = [...new Set(rows.map(([group]) => group))];
  const parts = groups.map((group) => {
    const own = new Set(rows.flatMap(([each, text]) => (each === group ? [text] : [])));
    return [`@${group}`, ...own].join('\n');
  });
  return `${head}\n\n${parts.join('\n\n')}\n`;
}

test('every role against every operation is as the table says', () => {
  expect(matrix()).toBe(fs.readFileSync(FILE, 'utf8'));
});

test('the table has every operation', () => {
  const text = fs.readFileSync(FILE, 'utf8');
  expect([...OPERATIONS].filter((operation) => !text.includes(`\n${operation} `))).toEqual([]);
});

/** Ways to write a path that the engine routes alike. */
const WRITTEN: readonly [string, (path: string) => string][] = [
  ['with a version', (plain) => `/v1.41${plain}`],
  ['with an unusual version', (plain) => `/v0001.55.0${plain}`],
  ['escaped', (plain) => plain.replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`)],
  [
    'escaped in capitals',
    (plain) => `/v1.51${plain.slice(1).replaceAll('/', '%2F')}`.replace('/v1.51', '/v1.51/'),
  ],
  ['with a query', (plain) => `${plain}?a=b`],
  ['as an absolute address', (plain) => `http://host${plain}`],
];

describe.each(ROUTES.map((row) => [row[0], row] as const))('%s', (operation, row) => {
  const { method, uri } = requestOf('admin', row);

  test('is what its path leads to', () => {
    expect(route(method, uri)?.operation).toBe(operation);
  });

  test.each(WRITTEN)('is the same %s', (_how, write) => {
    expect(route(method, write(uri))?.operation).toBe(operation);
  });

  test('is none with a slash more inside', () => {
    expect(route(method, `/${uri}`)?.operation).toBeUndefined();
  });
});
