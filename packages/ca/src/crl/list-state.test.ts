import { expect, test } from '@jest/globals';
import { listState } from './list-state.ts';

const DAY = 86_400_000;
const at = (time: number): Date => new Date(Date.UTC(2026, 0, 1) + time);

test.each([
  { when: -1, state: 'not-yet-valid' },
  { when: 0, state: 'valid' },
  { when: 15 * DAY - 1, state: 'valid' },
  { when: 15 * DAY, state: 'due' },
  { when: 30 * DAY, state: 'due' },
  { when: 30 * DAY + 1, state: 'expired' },
])('a list for thirty days is $state after $when ms', ({ when, state }) => {
  expect(listState({ thisUpdate: at(0), nextUpdate: at(30 * DAY) }, at(when))).toBe(state);
});
