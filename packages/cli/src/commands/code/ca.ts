// What the commands do that a CA directory is enough for. The code of commands is loaded in four parts, and not each for
// itself: Node takes 0.3 ms for each file, and 0.1 ms for each further import of it (scripts/bench).
export { runCaLog } from '../ca/log.ts';
export { runCaPassphrase } from '../ca/passphrase.ts';
export { showCrl } from '../crl/show.ts';
export { run as initCa } from '../init-ca/run.ts';
export { run as issueClient } from '../issue-client/run.ts';
export { run as list } from '../list/run.ts';
export { datesProblem } from '../../client/dates-problem.ts';
export { missingFiles } from '../../client/missing-files.ts';
export { inNamedCa } from '../../ca/hint-in-ca.ts';
