import { describe, expect, test } from '@jest/globals';
import { colons, distance, facts, moment, printable } from './words.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test('moment is in UTC, to the minute', () => {
  expect(moment(new Date('2026-03-04T05:06:59.999Z'))).toBe('2026-03-04 05:06 UTC');
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

describe('printable', () => {
  test.each([
    ['a line feed', 'a\nb', String.raw`a\u{a}b`],
    ['an escape sequence', '\u001b[31m', String.raw`\u{1b}[31m`],
    ['a control of Latin-1', '\u009b31m', String.raw`\u{9b}31m`],
    ['a right-to-left override', '\u202ecba', String.raw`\u{202e}cba`],
    ['a line separator', '\u2028', String.raw`\u{2028}`],
    ['a character beyond 16 bits', '\u{e0001}', String.raw`\u{e0001}`],
    ['half a surrogate pair', '\ud83d!', String.raw`\u{d83d}!`],
  ])('writes %s out', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test.each(['plain', 'bj\u00f6rn \u674e', '\u{1f600}', String.raw`C:\ProgramData`])('leaves %s', (text) => {
    expect(printable(text)).toBe(text);
  });
});
