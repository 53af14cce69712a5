import type { Caller } from '@docker-mtls/errors';
import { expect, test } from '@jest/globals';
import { postponedBy } from './engine-pair.ts';
import type { Postponed } from './engine-pair.ts';

const HOUR = 3_600_000;
const NOW = new Date();
const WINDOW = { start: 120, end: 240 };

function callerAt(now: Date, notes: string[]): Caller {
  return {
    operator: 'ada@desk',
    now: () => now,
    note: ({ kind, message }) => void notes.push(`${kind}: ${message}`),
  };
}

/** At an hour of the day, of a certificate that has so many hours left, and began so many hours ago. */
function postponed(hour: number, left: number, notes: string[] = [], age = 1): Postponed | undefined {
  const now = new Date(2026, 0, 15, hour);
  const at = (hours: number): Date => new Date(now.getTime() + hours * HOUR);
  const pair = { name: 'node1', notBefore: at(-age), notAfter: at(left) };
  return postponedBy(WINDOW, pair, callerAt(now, notes));
}

test('outside of its window the pair of the engine waits for it', () => {
  const until = new Date(2026, 0, 16, 2);
  expect(postponed(12, 1000)).toEqual({ kind: 'server', name: 'node1', until });
  expect(postponed(12, 17)).toEqual({ kind: 'server', name: 'node1', until });
});

test('inside of it, or without one, the pair is renewed', () => {
  expect(postponed(3, 1000)).toBeUndefined();
  expect(
    postponedBy(undefined, { name: 'node1', notBefore: NOW, notAfter: NOW }, callerAt(NOW, [])),
  ).toBeUndefined();
});

test.each([16, 13, 0, -100])('a pair with %d hours left at noon does not wait, and that is told', (left) => {
  const notes: string[] = [];
  expect(postponed(12, left, notes)).toBeUndefined();
  expect(notes).toEqual([expect.stringContaining('warning: the window is not waited for')]);
});

test('a pair that was issued by a clock that was ahead does not wait, and that is told', () => {
  const notes: string[] = [];
  expect(postponed(12, 1000, notes, -100)).toBeUndefined();
  expect(notes).toEqual([expect.stringMatching(/^warning: the window is not waited for: .* begins on /u)]);
});
