import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { median } from './median.js';

const BARE = { name: 'node -e 0', command: [process.execPath, '-e', '0'] };

/** Rounds that do not count: files come into the page cache. */
const WARM_UP = 1;

/** Has bash say how long a program was at work, in seconds: in its own code, and in the system's for it. */
const TIMED = 'TIMEFORMAT="%3U %3S"; time "$@"';

/**
 * Runs whole processes in rounds: bare node, job A, bare node, job B, …. A job with `every: n` is slow, and takes
 * part in each n-th round only. Times are CPU time, in milliseconds: what else the machine does
 * tells less on them than on a clock. `ratio` is the median of what each run took over what the bare node right before
 * it took.
 */
export function measureRounds(jobs, { runs, folder, progress }) {
  const samples = new Map(jobs.map((job) => [job, []]));
  for (let round = -WARM_UP; round < runs; round += 1) {
    progress(Math.max(round, 0) + 1, runs);
    for (const job of jobs.filter(({ every = 1 }) => (round < 0 ? every === 1 : round % every === 0))) {
      const sample = { bare: time(BARE, folder), own: timeJob(job, folder) };
      if (round >= 0) samples.get(job).push(sample);
    }
  }
  const bare = summary([...samples.values()].flat().map((sample) => sample.bare));
  return { bare, jobs: jobs.map((job) => result(job, samples.get(job))) };
}

function result({ name, what, target, group }, samples) {
  const ratio = median(samples.map(({ bare, own }) => own / bare));
  return { name, what, group, ...summary(samples.map(({ own }) => own)), ratio, target };
}

function summary(times) {
  return { median: median(times), fastest: Math.min(...times), runs: times.length };
}

/** Each run has an empty folder of its own; what has to be there before is made outside of the clock. */
function timeJob(job, folder) {
  const cwd = fs.mkdtempSync(path.join(folder, 'run-'));
  for (const step of job.before ?? []) time(step, cwd);
  const taken = time(job, cwd);
  fs.rmSync(cwd, { recursive: true, force: true });
  return taken;
}

/** The CPU time of one process, in milliseconds. */
// The environment is bare: NODE_EXTRA_CA_CERTS, for one, doubles the time of a bare node, and so would flatter us.
export function time({ name, command: [program, ...args], env = {} }, cwd) {
  const options = {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  };
  const { status, stderr, error } = spawnSync('bash', ['-c', TIMED, 'bash', program, ...args], options);
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${error?.message ?? stderr}`);
  const [, own = 0, system = 0] = /(\S+) (\S+)\s*$/.exec(String(stderr)) ?? [];
  return (Number(own) + Number(system)) * 1000;
}
