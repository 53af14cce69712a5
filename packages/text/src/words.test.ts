import { expect, test } from '@jest/globals';
import { colons, distance, facts, localMoment, moment, someOf } from './words.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('moment is in UTC, to the minute', () => {
  expect(moment(new Date('2026-03-04T05:06:59.999Z'))).toBe('2026-03-04 05:06 UTC');
});

test('localMoment is on the clock on the wall', () => {
  expect(localMoment(new Date(2026, 2, 4, 5, 6))).toBe('2026-03-04 05:06 local time');
});

test.each([
  [0, 'in 0 minutes'],
  [MINUTE, 'in 1 minute'],
  [-MINUTE, '1 minute ago'],
  [119 * MINUTE, 'in 119 minutes'],
  [2 * HOUR, 'in 2 hours'],
  [-12 * HOUR, '12 hours ago'],
  [47 * HOUR, 'in 47 hours'],
  [2 * DAY, 'in 2 days'],
  [365 * DAY, 'in 365 days'],
  [-3 * DAY, '3 days ago'],
])('%d milliseconds away is %j', (span, words) => {
  expect(distance(new Date(NOW.getTime() + span), NOW)).toBe(words);
});

test('someOf names the first, and counts the rest', () => {
  const many = Array.from({ length: 20 }, (_, at) => `n${at}`);
  expect(someOf([])).toBe('');
  expect(someOf(['a', 'b'])).toBe('a, b');
  expect(someOf(many)).toBe('n0, n1, n2, n3, n4, n5, n6, n7 and 12 more');
  expect(someOf(['x'.repeat(1000)])).toHaveLength(101);
});

test.each([
  ['', ''],
  ['ab', 'AB'],
  ['abcd', 'AB:CD'],
  ['00ff10', '00:FF:10'],
])('colons between the pairs of %j', (hex, expected) => {
  expect(colons(hex)).toBe(expected);
});

test('facts has its values in one column', () => {
  expect(
    facts([
      ['key', 'ec-p256'],
      ['valid until', 'tomorrow'],
    ]),
  ).toBe('  key          ec-p256\n  valid until  tomorrow\n');
});
