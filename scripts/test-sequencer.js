import Sequencer from '@jest/test-sequencer';
import path from 'node:path';

// A file of these folders takes a minute, most of which it waits: for hosts to boot, and for engines.
const WAITING = ['test/host', 'test/roads', 'test/engine'];
// These start programs, for half a minute and more; jest, which orders by size, would start some of them last.
const LONG = ['test/durability', 'test'];
const OTHERS = 8;

/**
 * Starts the files that last longest first, so that the end of a run does not wait for one of them on one core; and
 * between those that wait, others, so that the cores have work meanwhile. On two cores the first saves two minutes of
 * twenty, the second about one: compare the last lines of `time node scripts/jest.js` with and without it.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own method
    const sorted = super.sort(tests);
    const waiting = byFolder(sorted, WAITING).filter((test) => folderOf(test, WAITING) < WAITING.length);
    const others = byFolder(sorted, LONG).filter((test) => folderOf(test, WAITING) === WAITING.length);
    const mixed = waiting.flatMap((test, at) => [test, ...others.slice(at * OTHERS, (at + 1) * OTHERS)]);
    return [...mixed, ...others.slice(waiting.length * OTHERS)];
  }
}

function byFolder(tests, folders) {
  return tests.toSorted((one, other) => folderOf(one, folders) - folderOf(other, folders));
}

/** The place of a test's folder among these; behind the last where it is in none. */
function folderOf({ path: file }, folders) {
  const at = folders.findIndex((folder) => file.includes(path.normalize(`/${folder}/`)));
  return at === -1 ? folders.length : at;
}
