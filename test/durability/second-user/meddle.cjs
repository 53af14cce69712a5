// Run by the user who meddles: renames, links and exchanges entries in every folder below ARENA that this user may
// write to, until it is stopped or half a minute has passed. Arguments: ARENA, OUTSIDE, SEED.
const fs = require('node:fs');
const path = require('node:path');

const [arena, outside, seed] = process.argv.slice(2);
const TARGETS = ['folder', 'file', 'empty', 'missing'].map((name) => path.join(outside, name));
const end = performance.now() + 30_000;

let state = Number(seed) || 1;
function random(below) {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
}
const pick = (list) => list[random(list.length)];

function attempt(step) {
  try {
    return step();
  } catch {
    return undefined;
  }
}

function foldersBelow(folder, depth) {
  const entries = attempt(() => fs.readdirSync(folder, { withFileTypes: true })) ?? [];
  const below = depth === 0 ? [] : entries.filter((entry) => entry.isDirectory());
  return [folder, ...below.flatMap(({ name }) => foldersBelow(path.join(folder, name), depth - 1))];
}

const MOVES = [
  // A link takes the place of an entry, and gives it back.
  (entry) => {
    fs.renameSync(entry, `${entry}.moved`);
    fs.symlinkSync(pick(TARGETS), entry);
    if (random(2) === 0) {
      fs.unlinkSync(entry);
      fs.renameSync(`${entry}.moved`, entry);
    }
  },
  // Two entries exchange their names.
  (entry, other) => {
    fs.renameSync(entry, `${entry}.swap`);
    fs.renameSync(other, entry);
    fs.renameSync(`${entry}.swap`, other);
  },
  (entry) => fs.linkSync(entry, `${entry}.linked`),
  (entry) => fs.unlinkSync(entry),
  (entry) => fs.symlinkSync(pick(TARGETS), `${entry}.link`),
];

while (performance.now() < end) {
  for (const folder of foldersBelow(arena, 4)) {
    const names = attempt(() => fs.readdirSync(folder)) ?? [];
    // What is in the making is the best of all to exchange.
    const making = names.filter((name) => name.endsWith('.partial'));
    const name = pick(making.length > 0 ? making : names);
    if (name === undefined || names.length > 60) {
      for (const each of names) attempt(() => fs.unlinkSync(path.join(folder, each)));
      continue;
    }
    attempt(() => pick(MOVES)(path.join(folder, name), path.join(folder, pick(names))));
  }
}
