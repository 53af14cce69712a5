// Run by the user who meddles: renames, links and exchanges entries in every folder below ARENA that this user may
// write to, until it is stopped or half a minute has passed. Arguments: ARENA, OUTSIDE, SEED.
// What it leaves of its own is told by its ending.
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

const OURS = /\.(?:moved|swap|linked|link)$/;

/** A link takes the place of an entry for a moment, or for good. */
function linkInstead(entry) {
  fs.renameSync(entry, `${entry}.moved`);
  fs.symlinkSync(pick(TARGETS), entry);
  if (random(4) === 0) return;
  fs.unlinkSync(entry);
  fs.renameSync(`${entry}.moved`, entry);
}

const MOVES = [
  linkInstead,
  linkInstead,
  linkInstead,
  // Two entries exchange their names.
  (entry, other) => {
    fs.renameSync(entry, `${entry}.swap`);
    fs.renameSync(other, entry);
    fs.renameSync(`${entry}.swap`, other);
  },
  (entry) => fs.linkSync(entry, `${entry}.linked`),
  (entry) => fs.unlinkSync(entry),
];

while (performance.now() < end) {
  const folders = foldersBelow(arena, 4).filter((folder) => !OURS.test(folder));
  for (let turn = 0; turn < 40; turn += 1) {
    const folder = pick(folders);
    const all = attempt(() => fs.readdirSync(folder)) ?? [];
    for (const old of all.filter((name) => OURS.test(name)))
      if (random(8) === 0) attempt(() => fs.unlinkSync(path.join(folder, old)));
    const names = all.filter((name) => !OURS.test(name));
    // What is in the making is the best of all to exchange.
    const making = names.filter((name) => name.endsWith('.partial'));
    const name = pick(making.length > 0 ? making : names);
    if (name === undefined) continue;
    attempt(() => pick(MOVES)(path.join(folder, name), path.join(folder, pick(names))));
  }
}
