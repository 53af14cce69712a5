import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from './find-program.js';
import { median } from './median.js';

const CLI = fileURLToPath(new URL('../../packages/cli/dist/docker-mtls.cjs', import.meta.url));
const LOOP = fileURLToPath(new URL('./peers/bundles.sh', import.meta.url));
const TARGET = 20;
/** Ours is short, and so its middle is taken; the loop is long enough to be its own mean. */
const RUNS = 3;

/**
 * A pair and a bundle for each of `count` names: by one run of docker-mtls, and by a shell loop of openssl and tar. Seconds,
 * from a CA that is there to the last archive; `ratio` is the loop's time over ours. Without openssl it is missing.
 * Nothing is deleted meanwhile, which would slow the next run down.
 */
export function measureBundles(count, folder) {
  const names = path.join(folder, 'names');
  fs.writeFileSync(names, Array.from({ length: count }, (_, n) => `user${n + 1}\n`).join(''));
  const own = median(Array.from({ length: RUNS }, () => timeOwn(names, folder)));
  const loop = findProgram('openssl') === undefined ? undefined : timeLoop(count, folder);
  return { count, own, loop, ratio: loop === undefined ? undefined : loop / own, target: TARGET };
}

function timeOwn(names, folder) {
  const cwd = newFolder(folder);
  time(cwd, [process.execPath, CLI, 'init-ca', '--no-passphrase', '--ca-dir', 'ca']);
  return time(cwd, [
    process.execPath,
    CLI,
    'bundle',
    '--names',
    names,
    '--issue',
    '-o',
    'out',
    '--ca-dir',
    'ca',
  ]);
}

function timeLoop(count, folder) {
  return time(newFolder(folder), ['sh', LOOP, String(count)]);
}

function newFolder(folder) {
  return fs.mkdtempSync(path.join(folder, 'bundles-'));
}

function time(cwd, [program, ...args]) {
  const env = { PATH: process.env.PATH, HOME: cwd };
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const taken = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0)
    throw new Error(`${path.basename(program)} ended with ${status}: ${error?.message ?? stderr}`);
  return taken;
}
