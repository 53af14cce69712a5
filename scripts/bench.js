// Measures and prints; scripts/bench says how to call it. The method: every round runs each job once, right after a
// bare `node -e 0`, and what is reported is the median of the rounds. So whatever slows the machine down for a while
// slows both sides of a ratio.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureAuthorization } from './bench-parts/authz.js';
import { measureBundles } from './bench-parts/bundles.js';
import { measureDoctor } from './bench-parts/doctor.js';
import { measureExecutable } from './bench-parts/executable.js';
import { floorJobs } from './bench-parts/floor-jobs.js';
import { fsyncTime } from './bench-parts/fsync.js';
import { measureLargeRegistry, measureList } from './bench-parts/large-registry.js';
import { machineFacts } from './bench-parts/machine.js';
import { measureInMemory } from './bench-parts/in-memory.js';
import { ownJobs } from './bench-parts/own-jobs.js';
import { peerJobs } from './bench-parts/peer-jobs.js';
import { measurePolicy } from './bench-parts/policy.js';
import { printReport } from './bench-parts/print-report.js';
import { measureRenewals } from './bench-parts/renewals.js';
import { measureRounds } from './bench-parts/rounds.js';
import { writePages } from './bench-parts/write-pages.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    bundles: { type: 'string', default: '1000' },
    renewals: { type: 'string', default: '2000' },
    registry: { type: 'string' },
    engines: { type: 'string' },
    authorization: { type: 'string' },
    commands: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const runs = wholeNumber('runs');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'docker-mtls-bench-'));
try {
  const report = values.commands ? measureCommands([]) : await measureEverything();
  if (values.write) await writePages(report);
  if (values.json) console.log(JSON.stringify(report, undefined, 2));
  else printReport(report);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function measureCommands(peers) {
  const machine = { ...machineFacts(), fsync: fsyncTime(folder) };
  const jobs = [...ownJobs(), ...floorJobs(), ...peers];
  return { machine, runs, ...measureRounds(jobs, { runs, folder, progress }) };
}

async function measureEverything() {
  // First: the rounds delete what they made, and ext4 is slow to give that out again.
  const bundles = measureBundles(wholeNumber('bundles'), folder);
  const renewals = measureRenewals(wholeNumber('renewals'), folder);
  const { present, missing } = peerJobs();
  return {
    ...measureCommands(present),
    missing,
    bundles,
    renewals,
    large: values.registry === undefined ? undefined : measureLarge(wholeNumber('registry')),
    executable: await measureExecutable(runs, folder),
    inMemory: measureInMemory(),
    policy: await measurePolicy(folder),
    doctor: values.engines === undefined ? undefined : await measureDoctor(wholeNumber('engines'), folder),
    authorization:
      values.authorization === undefined
        ? undefined
        : await measureAuthorization(wholeNumber('authorization'), folder),
  };
}

function measureLarge(certificates) {
  return {
    commands: measureLargeRegistry(certificates, folder),
    lists: measureList([1000, Math.ceil(certificates / 10)], folder),
  };
}

function progress(round, rounds) {
  if (process.stderr.isTTY)
    process.stderr.write(`\rround ${round} of ${rounds}${round === rounds ? '\n' : ''}`);
}

function wholeNumber(option) {
  const number = Number(values[option]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${option} ${values[option]}: give a whole number`);
}
