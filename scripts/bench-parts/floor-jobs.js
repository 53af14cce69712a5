import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const STORE = new URL('../../packages/registry/package.json', import.meta.url);
const WORK = fileURLToPath(new URL('./floor.cjs', import.meta.url));
const LIBSQL = createRequire(STORE).resolve('libsql');

/** What would be left of the times if our own code cost nothing. */
export function floorJobs() {
  const before = [work('prepare')];
  return [
    { ...work('issue-client'), before, what: 'what issue-client cannot do without, by Node itself' },
    { ...work('secure'), what: 'the same of secure' },
  ].map((job) => ({ ...job, name: `${job.name}, floor`, group: 'own' }));
}

function work(what) {
  return { name: what, command: [process.execPath, WORK, what, LIBSQL] };
}
