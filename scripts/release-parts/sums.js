import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const SUMS = 'SHA256SUMS';

/** Writes the sums of all files of a folder, in the form that `sha256sum --check` reads, and returns all names. */
export function writeSums(folder) {
  const names = filesOf(folder);
  const lines = names.map((name) => `${sumOf(path.join(folder, name))}  ${name}\n`);
  fs.writeFileSync(path.join(folder, SUMS), lines.join(''));
  return [...names, SUMS];
}

/** What is wrong with the files of a folder: changed, missing, or not in the list. */
export function sumProblems(folder) {
  const lines = fs.readFileSync(path.join(folder, SUMS), 'utf8').trimEnd().split('\n');
  const wanted = new Map(lines.map(readLine));
  const there = filesOf(folder);
  return [
    ...[...wanted].flatMap(([name, sum]) => {
      if (!there.includes(name)) return [`${name} is missing`];
      return sumOf(path.join(folder, name)) === sum ? [] : [`${name} is not what ${SUMS} says`];
    }),
    ...there.filter((name) => !wanted.has(name)).map((name) => `${name} is not in ${SUMS}`),
  ];
}

function readLine(line) {
  const [, sum, name] = /^([0-9a-f]{64}) [ *]([^/]+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`${SUMS} has a line that is no sum: ${line}`);
  return [name, sum];
}

function filesOf(folder) {
  return fs
    .readdirSync(folder)
    .filter((name) => name !== SUMS)
    .toSorted();
}

function sumOf(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
