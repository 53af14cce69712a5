import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, startEngine } from './authz-engine.js';
import { median } from './median.js';

const CALLS = { 1: 400, 16: 1600 };
const BINDINGS = 200;
const IDLE_MS = 3000;
const PATH = '/v1.41/containers/json';
const TARGETS = { latency: 1.5, throughput: 0.8, cpu: 0.25 };

/**
 * An engine that asks docker-mtls, with 200 bindings and the audit log, next to one that asks a plugin which allows everything, and a
 * second one of those: in rounds that take turns, of a read over mutual TLS by 1 client and by 16. Latencies in milliseconds.
 */
export async function measureAuthorization(rounds, folder) {
  const ca = path.join(folder, 'authz-ca');
  for (const words of [
    ['init-ca', '--no-passphrase'],
    ['issue-server', 'localhost'],
    ['issue-client', 'dan'],
  ])
    run([...words, '--ca-dir', ca]);
  const engines = {};
  try {
    for (const name of ['own', 'other', 'again'])
      engines[name] = await startEngine(name, {
        ca,
        folder,
        policy: name === 'own' ? policyText() : undefined,
      });
    await sleep(IDLE_MS);
    const idle = { own: memoryOf(engines.own.pid), other: memoryOf(engines.other.pid) };
    const samples = [];
    for (let round = -1; round < rounds; round += 1) {
      const sample = await measureRound(engines, { ca, round });
      if (round >= 0) samples.push(sample);
    }
    return { ...summary(samples), rounds, idle, targets: TARGETS };
  } finally {
    for (const engine of Object.values(engines)) await engine.stop();
  }
}

function policyText() {
  const others = Array.from(
    { length: BINDINGS - 2 },
    (_, index) => `  - { role: viewer, subjects: [{ cn: client${index} }] }`,
  );
  const head = [
    'apiVersion: docker-mtls/policy.v1',
    'bindings:',
    '  - { role: admin, subjects: [{ cn: root }] }',
  ];
  return [...head, ...others, '  - { role: deployer, subjects: [{ cn: dan }] }', ''].join('\n');
}

/** Each round begins with another engine. */
async function measureRound(engines, { ca, round }) {
  const names = Object.keys(engines);
  const sample = {};
  for (let step = 0; step < names.length; step += 1) {
    const name = names[(round + 1 + step) % names.length];
    const before = cpuOf(engines[name].pid);
    const [one, many] = [await load(engines[name], ca, 1), await load(engines[name], ca, 16)];
    const cpu = (cpuOf(engines[name].pid) - before) / (CALLS[1] + CALLS[16]);
    sample[name] = {
      p50: percentile(one.times, 0.5),
      p99: percentile(one.times, 0.99),
      rate: many.rate,
      cpu,
    };
  }
  return sample;
}

/** Latencies, and calls a second, of so many clients that each send one request after the other. */
async function load({ port }, ca, clients) {
  const file = (name) => fs.readFileSync(path.join(ca, 'clients/dan', name));
  const agent = new https.Agent({
    keepAlive: true,
    maxSockets: clients,
    ca: file('ca.pem'),
    cert: file('cert.pem'),
    key: file('key.pem'),
  });
  const times = [];
  let left = CALLS[clients];
  const client = async () => {
    for (; left > 0; times.push(await ask(agent, port))) left -= 1;
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const rate = (times.length / (performance.now() - start)) * 1000;
  agent.destroy();
  return { times: times.toSorted((a, b) => a - b), rate };
}

function ask(agent, port) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const request = https.get({ host: '127.0.0.1', port, path: PATH, agent }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200
          ? resolve(performance.now() - start)
          : reject(new Error(`the engine answered ${response.statusCode}`)),
      );
    });
    request.once('error', reject);
  });
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function summary(samples) {
  const of = (pick) => median(samples.map(pick));
  return {
    p50: { own: of(({ own }) => own.p50), other: of(({ other }) => other.p50) },
    latency: of(({ own, other }) => own.p50 / other.p50),
    throughput: of(({ own, other }) => own.rate / other.rate),
    rate: { own: of(({ own }) => own.rate), other: of(({ other }) => other.rate) },
    p99: {
      own: of(({ own }) => own.p99),
      other: of(({ other }) => other.p99),
      ratio: of(({ own, other }) => own.p99 / other.p99),
      itself: of(({ again, other }) => again.p99 / other.p99),
    },
    cpu: { own: of(({ own }) => own.cpu), other: of(({ other }) => other.cpu) },
  };
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Milliseconds of CPU that a process has taken, with all its threads (proc(5)). */
function cpuOf(pid) {
  const [, rest = ''] = /\) (.*)/s.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const fields = rest.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
}

/** Resident, in MB. */
function memoryOf(pid) {
  const [, kilobytes = 0] = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
