import { expect, test } from '@jest/globals';
import { fakeIo } from '../../../testing/fake-io.ts';
import { postponedBy } from './engine-pair.ts';
import type { Postponed } from './engine-pair.ts';

const HOUR = 3_600_000;
const WINDOW = { start: 120, end: 240 };

/** At an hour of the day, of a pair that has so many hours left. */
function postponed(hour: number, left: number, notes: string[] = []): Postponed | undefined {
  const now = new Date(2026, 0, 15, hour);
  const io = fakeIo({ now: () => now, note: (line) => void notes.push(line) });
  return postponedBy(WINDOW, { name: 'node1', notAfter: new Date(now.getTime() + left * HOUR) }, io);
}

test('outside of its window the pair of the engine waits for it', () => {
  const until = new Date(2026, 0, 16, 2);
  expect(postponed(12, 1000)).toEqual({ kind: 'server', name: 'node1', until });
  expect(postponed(12, 17)).toEqual({ kind: 'server', name: 'node1', until });
});

test('inside of it, or without one, the pair is renewed', () => {
  expect(postponed(3, 1000)).toBeUndefined();
  expect(postponedBy(undefined, { name: 'node1', notAfter: new Date() }, fakeIo())).toBeUndefined();
});

test.each([16, 13, 0, -100])('a pair with %d hours left at noon does not wait, and that is told', (left) => {
  const notes: string[] = [];
  expect(postponed(12, left, notes)).toBeUndefined();
  expect(notes).toEqual([expect.stringContaining('warning: the window is not waited for')]);
});
