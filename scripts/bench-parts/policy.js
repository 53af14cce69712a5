import fs from 'node:fs';
import path from 'node:path';
import { append, GENESIS, verify } from '@docker-mtls/audit';
import { query } from '@docker-mtls/audit/log';
import { openLines } from '@docker-mtls/files';
import { decide, parse } from '@docker-mtls/policy';
import { median } from './median.js';
import { measurePluginCalls } from './plugin-calls.js';
import { time } from './rounds.js';

const DECISIONS = 20_000;
const LINES = 200_000;
const BINDINGS = 200;
const PEER_RUNS = 5;
/** On the last line alone: grep ends at the first match where nobody reads its output. */
const AT_THE_END = `"id":"${LINES - 1}"`;

/** Microseconds of CPU for a decision with 200 bindings, and lines of an audit log that a second of CPU reads and checks or searches. */
export async function measurePolicy(folder) {
  const policy = parse(policyText());
  const read = request('GET', '/v1.51/containers/json?all=1');
  const create = request('POST', '/v1.51/containers/create?name=web', JSON.stringify(creation()));
  const log = path.join(folder, 'audit.jsonl');
  fs.writeFileSync(log, `${chain().join('\n')}\n`);
  const verified = perSecond(log, (lines) => verify(lines));
  const queried = perSecond(log, (lines) => [...query(lines, { cn: 'client7', verdict: 'deny' })]);
  return {
    read: perCall(() => decide(policy, read)),
    create: perCall(() => decide(policy, create)),
    createBytes: create.body.length,
    calls: await measurePluginCalls(policy, { read, create }),
    verified,
    queried,
    peers: {
      verified: peerRate(folder, ['sha256sum', log]) / verified,
      queried: peerRate(folder, ['grep', '-F', AT_THE_END, log]) / queried,
    },
    targets: { read: 20, create: 200, verified: 200_000, queried: 333_333 },
  };
}

function policyText() {
  const bindings = Array.from(
    { length: BINDINGS },
    (_, index) => `  - { role: viewer, subjects: [{ cn: client${index} }] }`,
  );
  return [
    'apiVersion: docker-mtls/policy.v1',
    'bindings:',
    '  - { role: admin, subjects: [{ cn: root }] }',
    ...bindings,
    '  - { role: deployer, subjects: [{ cn: dan }] }',
  ].join('\n');
}

function request(method, uri, text) {
  const body = text === undefined ? undefined : new TextEncoder().encode(text);
  return {
    subject: {
      kind: 'certificate',
      commonName: 'dan',
      organizationalUnits: [],
      uris: [],
      fingerprint: '',
      issuer: '',
    },
    method,
    uri,
    headers:
      body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': String(body.length) },
    body,
    now: 0,
    engine: { unpacksSafely: false },
    found: [],
  };
}

/** About 4 KB, as Compose sends it. */
function creation() {
  const Env = Array.from(
    { length: 78 },
    (_, index) => `VARIABLE_${index}=a value of some length, number ${index}`,
  );
  return {
    Image: 'registry.example/web/app:1',
    Env,
    Labels: { team: 'web', 'com.docker.compose.project': 'web' },
    HostConfig: {
      NetworkMode: 'web_default',
      RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
      Privileged: false,
    },
    NetworkingConfig: { EndpointsConfig: { web_default: { Aliases: ['web', 'app'] } } },
  };
}

function chain() {
  const lines = [];
  let last = GENESIS;
  for (let index = 0; index < LINES; index += 1) {
    const { line, link } = append(last, {
      type: 'decision',
      id: String(index),
      time: '2026-06-01T00:00:00.000Z',
      who: {
        cn: `client${index % BINDINGS}`,
        ou: ['ops'],
        serial: '0a1b2c3d4e5f',
        fingerprint: 'f'.repeat(64),
        issuer: 'e'.repeat(40),
      },
      what: { operation: 'ContainerList', method: 'GET', uri: '/v1.51/containers/json?all=1', risks: [] },
      verdict: index % 10 === 0 ? 'deny' : 'allow',
      role: 'viewer',
      rule: 'bindings[3]',
      reason: 'the role viewer allows it',
    });
    lines.push(line);
    last = link;
  }
  return lines;
}

function perCall(work) {
  for (let index = 0; index < DECISIONS; index += 1) work();
  return (
    cpu(() => {
      for (let index = 0; index < DECISIONS; index += 1) work();
    }) / DECISIONS
  );
}

function perSecond(log, work) {
  const run = () => {
    const file = openLines(log);
    try {
      return work(file.lines());
    } finally {
      file.close();
    }
  };
  run();
  return Math.round((LINES / cpu(run)) * 1e6);
}

/** Lines that a second of CPU of another program takes, which does the least of the same. */
function peerRate(folder, command) {
  const job = { name: command[0], command };
  return LINES / (median(Array.from({ length: PEER_RUNS }, () => time(job, folder))) / 1000);
}

/** Microseconds of CPU time: what others do on the machine does not count. */
function cpu(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
