import fs from 'node:fs';
import path from 'node:path';
import { ROUTES } from '../../packages/policy/src/operations/table.ts';
import { REPOSITORY } from '../support/cache.ts';
import type { AuthzEngine } from './authz-engine.ts';
import { sendRaw } from './raw-client.ts';

/** Whether a role may use an operation, in the words of the table. */
export type Verdict = { readonly role: string; readonly operation: string; readonly verdict: 'yes' | '-' };

/** One in so many on every run; with DOCKER_MTLS_TEST_HOSTILE=all all. */
const SAMPLED = 8;

const TABLE = path.join(REPOSITORY, 'packages/policy/conformance/roles.txt');

/** Where an engine would go to a network, end, or serve without an end: it is asked only where the table says no. */
const NOT_ASKED_FOR: ReadonlySet<string> = new Set([
  'DebugPprof',
  'DistributionInspect',
  'Grpc',
  'ImageCreate',
  'ImageSearch',
  'PluginPull',
  'PluginUpgrade',
  'GetPluginPrivileges',
  'Session',
  'SwarmInit',
  'SwarmJoin',
  'SystemAuth',
  'SystemEvents',
]);

/** A session has to exist, an archive needs an engine that unpacks safely, and the others came with later engines. */
const NEVER_ASKED_FOR: ReadonlySet<string> = new Set([
  'ExecStart',
  'PutContainerArchive',
  'ImageAttestations',
  'VolumeUpdate',
]);

/** Asks only about what is not there, so that nothing changes. */
const BODIES: Readonly<Record<string, unknown>> = {
  ContainerCreate: { Image: 'nothing:here' },
  ContainerUpdate: { Memory: 10_000_000 },
  ContainerExec: { Cmd: ['ls'] },
  NetworkConnect: { Container: 'x' },
  NetworkDisconnect: { Container: 'x' },
  ServiceCreate: { Name: 'x' },
  ServiceUpdate: { Name: 'x' },
  VolumeCreate: { Name: 'x/y' },
  VolumeUpdate: {},
  NetworkCreate: { Name: '' },
  SecretCreate: { Name: 'x' },
  SecretUpdate: { Name: 'x' },
  ConfigCreate: { Name: 'x' },
  ConfigUpdate: { Name: 'x' },
};

/** What the table says. */
export function wantedVerdicts(): readonly Verdict[] {
  const [head = '', ...lines] = fs.readFileSync(TABLE, 'utf8').split('\n');
  const [, ...roles] = head.split(/\s+/);
  const all = lines
    .filter((line) => /^\w/.test(line))
    .flatMap((line) => {
      const [operation = '', ...verdicts] = line.split(/\s+/);
      return roles.map((role, index) => ({
        role,
        operation,
        verdict: verdicts[index] as Verdict['verdict'],
      }));
    })
    .filter(({ operation, verdict }) => verdict === '-' || !NOT_ASKED_FOR.has(operation))
    .filter(({ operation }) => !NEVER_ASKED_FOR.has(operation) && !operation.endsWith('Prune'));
  if (process.env['DOCKER_MTLS_TEST_HOSTILE'] === 'all') return all;
  const day = Math.floor(Date.now() / 86_400_000);
  return all.filter((_, index) => (index + day) % SAMPLED === 0);
}

/** What the engine says. */
export async function verdictsOf(host: AuthzEngine, asked: readonly Verdict[]): Promise<readonly Verdict[]> {
  const found: Verdict[] = [];
  for (const { role, operation } of asked) {
    const { status, text } = await sendRaw(host.as(role), requestFor(operation));
    const isDenied = status === 403 && (text.includes('authorization denied') || operation.endsWith('Info'));
    found.push({ role, operation, verdict: isDenied ? '-' : 'yes' });
  }
  return found;
}

function requestFor(operation: string): string {
  const [, method = '', template = ''] = ROUTES.find(([name]) => name === operation) ?? [];
  const uri = template.replaceAll(/\{\w+\}/g, 'not-there');
  const body = BODIES[operation] === undefined ? '' : JSON.stringify(BODIES[operation]);
  const type = body === '' ? '' : 'Content-Type: application/json\r\n';
  return `${method} ${uri} HTTP/1.1\r\nHost: e\r\nConnection: close\r\n${type}Content-Length: ${body.length}\r\n\r\n${body}`;
}
