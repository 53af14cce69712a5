// How much longer commands take with many certificates on record than with few, and what a long list of names costs for
// each. The records are made by the program's own code, of one certificate under many names and serials.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { largestMemoryIn, largestMemoryTo } from './largest-memory.js';
import { median } from './median.js';

const PROGRAM = path.resolve(import.meta.dirname, '../../packages/cli/dist/docker-mtls.cjs');
const FEW = 10;
const RUNS = 7;
const REVOKED = 1000;
const DAY = 24 * 60 * 60 * 1000;

/** Times of the same commands with `FEW` and with `many` certificates, in milliseconds. */
export function measureLargeRegistry(many, folder) {
  const commands = {
    'issue-client': (n) => ['issue-client', `new${n}`],
    'show NAME': () => ['show', 'client7'],
    'list --expiring-within 30d': () => ['list', '--expiring-within', '30d'],
    status: () => ['status', '--config', path.join(folder, 'no-daemon.json')],
    'revoke, with its crl.pem': (n) => ['revoke', `new${n}`, '--yes'],
    bundle: (n) => ['bundle', 'alice', '-o', path.join(folder, `alice-${many}-${n}.tar.gz`)],
  };
  const [few, lots] = [FEW, many].map((count) => caWith(count, path.join(folder, `ca-${count}`)));
  return Object.entries(commands).map(([name, words]) => {
    const times = { few: [], many: [] };
    for (let n = 0; n < RUNS; n++) {
      times.few.push(timeOf(words(n), few));
      times.many.push(timeOf(words(n + RUNS), lots));
    }
    const [one, other] = [median(times.few), median(times.many)];
    return { name, few: one, many: other, ratio: other / one };
  });
}

/** What `issue-client --names` costs for each name (ms), and at most in memory (MB), for each of these lengths. */
export function measureList(counts, folder) {
  return counts.map((count) => {
    const directory = path.join(folder, `list-${count}`);
    run(['init-ca', '--no-passphrase', '--ca-dir', directory]);
    const names = path.join(folder, `names-${count}`);
    fs.writeFileSync(names, Array.from({ length: count }, (_, n) => `p${n}\n`).join(''));
    const start = process.hrtime.bigint();
    const memory = path.join(folder, `memory-${count}`);
    const { options, env } = largestMemoryTo(memory);
    const words = [...options, PROGRAM, 'issue-client', '--names', names, '--ca-dir', directory];
    const { status } = spawnSync(process.execPath, words, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`issue-client --names failed: ${status}`);
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    return { count, perName: milliseconds / count, megabytes: largestMemoryIn(memory) };
  });
}

function caWith(count, directory) {
  run(['init-ca', '--no-passphrase', '--ca-dir', directory]);
  run(['issue-client', 'alice', '--ca-dir', directory]);
  addRecords(path.join(directory, 'registry.db'), count);
  return directory;
}

/** Copies of a row that differ in name and serial; one in a thousand is about to end. A thousand others were revoked. */
function addRecords(file, count) {
  const Database = createRequire(path.resolve(import.meta.dirname, '../../packages/registry/package.json'))(
    'libsql',
  );
  const database = new Database(file);
  const soon = new Date(Date.now() + 10 * DAY).toISOString();
  const later = new Date(Date.now() + 300 * DAY).toISOString();
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO certificates (serial, kind, name, folder, folder_key, not_before, not_after, key_type, key_id,
      fingerprint, der, issued_at, issued_by)
    SELECT lower(hex(randomblob(16))), kind, 'client' || i, 'client' || i, 'client' || i, not_before,
      CASE WHEN i % ${Math.max(FEW, Math.ceil(count / FEW))} = 1 THEN '${soon}' ELSE '${later}' END, key_type, key_id,
      lower(hex(randomblob(32))), der, issued_at, issued_by
    FROM n, (SELECT * FROM certificates WHERE name = 'alice')`);
  database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${REVOKED})
    INSERT INTO revocations (serial, issuer, not_after, revoked_at, revoked_by, reason)
    SELECT lower(hex(randomblob(16))), key_id, '${later}', '${new Date().toISOString()}', 'bench', 'unspecified'
    FROM n, authorities`);
  database.close();
}

function timeOf(words, directory) {
  const start = process.hrtime.bigint();
  run([...words, '--ca-dir', directory]);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function run(words) {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8' });
  // `list --expiring-within` answers 3 where there is something to tell.
  if (status !== 0 && status !== 3) throw new Error(`${words.join(' ')}: ${stderr}`);
}
