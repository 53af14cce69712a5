import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildExecutables, executableName } from '../executable/build.js';
import { executableParts } from '../executable/parts.js';
import { median } from './median.js';
import { time } from './rounds.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = path.join(ROOT, 'packages/cli/dist/docker-mtls.cjs');
const WORDS = ['--version', '--help', 'issue-client --help'];
const TARGET = 1.6;

/** The CPU time of the single executable next to that of npm's package under the Node that is in it, in turns. */
export async function measureExecutable(runs, folder) {
  const target = path.join(folder, 'executable');
  await buildExecutables(ROOT, target, [process.arch]);
  const executable = [path.join(target, executableName(process.arch))];
  const packaged = [executableParts(ROOT).node(process.arch), CLI];
  return {
    target: TARGET,
    commands: WORDS.map((words) => measure(words, { executable, packaged, runs, folder })),
  };
}

function measure(words, { executable, packaged, runs, folder }) {
  const start = (program) => time({ name: words, command: [...program, ...words.split(' ')] }, folder);
  // What does not count: files come into the page cache.
  start(executable);
  start(packaged);
  const samples = Array.from({ length: runs }, () => [start(executable), start(packaged)]);
  return {
    name: words,
    executable: median(samples.map(([one]) => one)),
    packaged: median(samples.map(([, other]) => other)),
    ratio: median(samples.map(([one, other]) => one / other)),
  };
}
