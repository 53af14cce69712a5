// Run by the user who meddles, and told of each call that root is about to make: exchanges what is on the way for a link,
// for that one call or for good, and plants links under the names that are to be made. Ends with its parent or after
// ten minutes. Arguments: JSON of { arena, outside, ask, answer, seed }.
const fs = require('node:fs');
const path = require('node:path');

const { arena, outside, ask, answer, seed } = JSON.parse(process.argv[2]);
const TARGETS = ['empty', 'folder', 'folder/deeper', 'file', 'missing'].map((name) =>
  path.join(outside, name),
);
setTimeout(() => process.exit(), 600_000).unref();

let state = seed;
function random(below) {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((state / 2_147_483_648) * below);
}
const pick = (list) => list[random(list.length)];

function attempt(step) {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

const READS = /^(?:access|exists|lstat|read|readFile|readdir|readlink|realpath|stat|statfs|opendir)Sync$/;

/** What was exchanged for one call. */
let restore = () => {};

/** From the folder of the arena down to the path itself. */
function onTheWay(file) {
  const names = path.relative(arena, file).split(path.sep);
  return names.map((_, index) => path.join(arena, ...names.slice(0, index + 1))).slice(1);
}

/** A link takes the place of an entry. Where it leads, the rest of the path exists, if there is such a place. */
function exchange(entry, file) {
  const rest = path.relative(entry, file);
  const fitting = TARGETS.filter((target) => rest !== '' && fs.existsSync(path.join(target, rest)));
  const target = fitting.length > 0 && random(2) === 0 ? pick(fitting) : pick(TARGETS.slice(0, 2));
  const moved = `${entry}.moved`;
  if (!attempt(() => fs.renameSync(entry, moved))) return;
  if (!attempt(() => fs.symlinkSync(target, entry))) return attempt(() => fs.renameSync(moved, entry));
  return () => {
    attempt(() => fs.unlinkSync(entry));
    attempt(() => fs.renameSync(moved, entry));
  };
}

function meddle(call, file) {
  const way = onTheWay(file).filter((entry) => fs.existsSync(entry));
  const isRead = READS.test(call);
  const dice = random(100);
  // Most exchanges are for one call: the command goes on, and the next call can be aimed at as well.
  if (way.length > 0 && dice < (isRead ? 2 : 60)) restore = exchange(pick(way), file) ?? restore;
  else if (dice < (isRead ? 3 : 64)) attempt(() => fs.symlinkSync(pick(TARGETS), file));
  else if (dice === 98) attempt(() => fs.renameSync(file, `${file}.gone`));
  else if (dice === 99 && way.length > 0) exchange(pick(way), file);
}

function serve() {
  const input = fs.openSync(ask, 'r');
  const output = fs.openSync(answer, 'w');
  const buffer = Buffer.alloc(65_536);
  for (let size = fs.readSync(input, buffer); size > 0; size = fs.readSync(input, buffer)) {
    const { call, paths } = JSON.parse(buffer.toString('utf8', 0, size));
    restore();
    restore = () => {};
    meddle(call, pick(paths));
    if (!attempt(() => fs.writeSync(output, '.'))) break;
  }
  restore();
  restore = () => {};
  fs.closeSync(input);
  fs.closeSync(output);
}

for (;;) serve();
