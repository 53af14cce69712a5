// `renew --all` next to shell loops of openssl and cfssl, which sync nothing: what each takes for one client. Loops are long
// enough to be their own mean, and ours is run between them, so that what slows the machine down slows both.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program.js';
import { median } from './median.js';

const PROGRAM = path.resolve(import.meta.dirname, '../../packages/cli/dist/docker-mtls.cjs');
const PEERS = [
  { name: 'openssl', target: 15 },
  { name: 'cfssl', target: 4 },
];
/** Clients of a loop. */
const SAMPLE = 100;
const ROUNDS = 3;
const PRELOAD = `process.on('exit', () => require('fs').writeSync(3, String(process.resourceUsage().maxRSS)));`;

/**
 * Milliseconds for each client, how many times as long each loop takes, and the megabytes of renewing so many at once, and a
 * tenth of them. Each round renews pairs that were issued for it.
 */
export function measureRenewals(count, folder) {
  const preload = path.join(folder, 'renewal-rss.cjs');
  fs.writeFileSync(preload, PRELOAD);
  const peers = PEERS.filter(({ name }) => findProgram(name) !== undefined);
  const times = new Map(['own', ...peers.map(({ name }) => name)].map((name) => [name, []]));
  let many;
  for (let round = 0; round < ROUNDS; round++) {
    const directory = caWith(count, path.join(folder, `renew-${round}`));
    for (const { name } of peers) times.get(name).push(timeLoop(name, folder) / SAMPLE);
    many = renewAll(directory, preload);
    times.get('own').push(many.milliseconds / count);
  }
  const fewer = Math.ceil(count / 10);
  const few = renewAll(caWith(fewer, path.join(folder, 'renew-few')), preload);
  const perClient = median(times.get('own'));
  return {
    count,
    perClient,
    memory: { fewer, few: few.megabytes, many: many.megabytes },
    peers: peers.map(({ name, target }) => {
      const loop = median(times.get(name));
      return { name, target, loop, ratio: loop / perClient };
    }),
  };
}

function caWith(count, directory) {
  const names = `${directory}.names`;
  fs.writeFileSync(names, Array.from({ length: count }, (_, n) => `user${n + 1}\n`).join(''));
  run([process.execPath, PROGRAM, 'init-ca', '--no-passphrase', '--ca-dir', directory]);
  run([process.execPath, PROGRAM, 'issue-client', '--names', names, '--ca-dir', directory]);
  return directory;
}

function renewAll(directory, preload) {
  const words = ['renew', '--all', '--kind', 'client', '--ca-dir', directory];
  const { milliseconds, output } = run(
    [process.execPath, '--require', preload, PROGRAM, ...words],
    directory,
  );
  return { milliseconds, megabytes: Number(String(output[3])) / 1024 };
}

function timeLoop(name, folder) {
  const cwd = path.join(folder, `renew-${name}`);
  fs.mkdirSync(cwd, { recursive: true });
  const script = path.join(import.meta.dirname, 'peers', `renew-${name}.sh`);
  run(['sh', script, '1'], cwd);
  return run(['sh', script, String(SAMPLE)], cwd).milliseconds;
}

function run([program, ...args], cwd = '/') {
  const start = process.hrtime.bigint();
  const { status, output, error } = spawnSync(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0)
    throw new Error(
      `${path.basename(program)} ended with ${status}: ${error?.message ?? String(output?.[2])}`,
    );
  return { milliseconds: Number(process.hrtime.bigint() - start) / 1e6, output };
}
