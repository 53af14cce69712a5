import { expect, test } from '@jest/globals';
import { whileUnchanged } from './while-unchanged.ts';

const anything = (found: readonly unknown[]): boolean => found.length > 0;

/** A log whose newest event is the number of looks so far, as far as there are changes. */
function changing(changes: number): { looks: number; events: () => Promise<{ readonly id: number }[]> } {
  const log = { looks: 0, events: async () => [{ id: Math.min(log.looks, changes) }] };
  return log;
}

test.each([
  [0, 1],
  [1, 2],
  [3, 4],
  [99, 5],
])('what was found across %d changes is looked at %d times', async (changes, looks) => {
  const log = changing(changes);
  const found = await whileUnchanged(log, async () => [++log.looks], anything);
  expect(found).toEqual([looks]);
});

test('where nothing was found, a change makes no difference', async () => {
  const log = changing(99);
  const look = async (): Promise<readonly number[]> => {
    log.looks++;
    return [];
  };
  expect(await whileUnchanged(log, look, anything)).toEqual([]);
  expect(log.looks).toBe(1);
});
