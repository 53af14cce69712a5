import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findLibsql } from '../../packages/store/dist/find-libsql.js';

const STORE = fileURLToPath(new URL('../../packages/store/dist', import.meta.url));
const WORK = createRequire(import.meta.url).resolve('./floor.cjs');

/** What would be left of the times if our own code cost nothing. None where libsql's native part has another place. */
export function floorJobs() {
  const libsql = findLibsql(STORE);
  if (libsql === undefined) return [];
  const work = (what) => ({ name: what, command: [process.execPath, WORK, what, libsql] });
  const before = [work('prepare')];
  return [
    { ...work('issue-client'), before, what: 'what issue-client cannot do without, by Node itself' },
    { ...work('secure'), what: 'the same of secure' },
  ].map((job) => ({ ...job, name: `${job.name}, floor`, group: 'own' }));
}
