// `renew --all` next to shell loops of openssl and cfssl, which sync nothing: the CPU time that each takes for one client. Loops
// are long enough to be their own mean, and ours is run between them, so that what slows the machine down slows both.
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.js';
import { largestMemoryIn, largestMemoryTo } from './largest-memory.js';
import { median } from './median.js';
import { time } from './rounds.js';

const PROGRAM = path.resolve(import.meta.dirname, '../../packages/cli/dist/docker-mtls.cjs');
const PEERS = [
  { name: 'openssl', target: 15 },
  { name: 'cfssl', target: 4 },
];
/** Clients of a loop. */
const SAMPLE = 100;
const ROUNDS = 3;

/** Memory is measured with a half of the clients, and with ten times that: it should be the same. */
const MEMORY_OF = [0.5, 5];

/**
 * Milliseconds of CPU for each client, how many times as long each loop takes, and the megabytes of renewing few and many at once.
 * Each round renews pairs that were issued for it.
 */
export function measureRenewals(count, folder) {
  const peers = PEERS.filter(({ name }) => findProgram(name) !== undefined);
  const times = new Map(['own', ...peers.map(({ name }) => name)].map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    const directory = caWith(count, path.join(folder, `renew-${round}`));
    for (const { name } of peers) times.get(name).push(timeLoop(name, folder) / SAMPLE);
    times.get('own').push(renewAll(directory).milliseconds / count);
  }
  const memory = MEMORY_OF.map((share) => {
    const clients = Math.ceil(count * share);
    return {
      clients,
      megabytes: renewAll(caWith(clients, path.join(folder, `renew-memory-${share}`))).megabytes,
    };
  });
  const perClient = median(times.get('own'));
  return {
    count,
    perClient,
    memory,
    peers: peers.map(({ name, target }) => {
      const loop = median(times.get(name));
      return { name, target, loop, ratio: loop / perClient };
    }),
  };
}

function caWith(count, directory) {
  const names = `${directory}.names`;
  fs.writeFileSync(names, Array.from({ length: count }, (_, n) => `user${n + 1}\n`).join(''));
  for (const words of [
    ['init-ca', '--no-passphrase'],
    ['issue-client', '--names', names],
  ])
    time({ name: words[0], command: [process.execPath, PROGRAM, ...words, '--ca-dir', directory] }, '/');
  return directory;
}

function renewAll(directory) {
  const words = ['renew', '--all', '--kind', 'client', '--ca-dir', directory];
  const file = `${directory}.memory`;
  const { options, env } = largestMemoryTo(file);
  const command = [process.execPath, ...options, PROGRAM, ...words];
  return { milliseconds: time({ name: 'renew', command, env }, directory), megabytes: largestMemoryIn(file) };
}

function timeLoop(name, folder) {
  const cwd = path.join(folder, `renew-${name}`);
  fs.mkdirSync(cwd, { recursive: true });
  const script = path.join(import.meta.dirname, 'peers', `renew-${name}.sh`);
  time({ name, command: ['sh', script, '1'] }, cwd);
  return time({ name, command: ['sh', script, String(SAMPLE)] }, cwd);
}
