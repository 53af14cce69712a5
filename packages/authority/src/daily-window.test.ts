import { describe, expect, test } from '@jest/globals';
import { isOpen, minutesOpen, nextWindow, parseWindow } from './daily-window.ts';
import type { DailyWindow, WallClock } from './daily-window.ts';

// In 2026 the clocks of Berlin go from 02:00 to 03:00 on 29 March, and from 03:00 back to 02:00 on 25 October.
const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Berlin',
  hour: 'numeric',
  minute: 'numeric',
});

const BERLIN: WallClock = (at) => {
  const [hour = 0, minute = 0] = format.format(at).split(':').map(Number);
  return hour * 60 + minute;
};

function windowOf(text: string): DailyWindow {
  const window = parseWindow(text);
  if (window === undefined) throw new Error(`${text} is no window`);
  return window;
}

describe('a window', () => {
  test.each([
    ['02:00-04:00', 120],
    ['23:30-00:30', 60],
    ['00:00-23:59', 1439],
  ])('%s is open for %d minutes', (text, minutes) => {
    expect(minutesOpen(windowOf(text))).toBe(minutes);
  });

  test.each([
    '',
    '2:00-4:00',
    '02:00',
    '02:00-24:00',
    '02:60-03:00',
    '02:00-02:00',
    '02:00–04:00',
    ' 02:00-04:00',
    '02:00-04:00\n',
  ])('%j is none', (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });

  test.each([
    ['02:00-04:00', '2026-06-01T01:59:59+02:00', false],
    ['02:00-04:00', '2026-06-01T02:00:00+02:00', true],
    ['02:00-04:00', '2026-06-01T03:59:59+02:00', true],
    ['02:00-04:00', '2026-06-01T04:00:00+02:00', false],
    ['23:00-01:00', '2026-06-01T23:30:00+02:00', true],
    ['23:00-01:00', '2026-06-01T00:30:00+02:00', true],
    ['23:00-01:00', '2026-06-01T01:00:00+02:00', false],
    // Twice on this day.
    ['02:00-03:00', '2026-10-25T02:30:00+02:00', true],
    ['02:00-03:00', '2026-10-25T02:30:00+01:00', true],
  ])('%s at %s: %p', (text, at, expected) => {
    expect(isOpen(windowOf(text), new Date(at), BERLIN)).toBe(expected);
  });
});

describe('the next window', () => {
  test.each([
    ['02:00-04:00', '2026-06-01T12:00:30+02:00', '2026-06-02T02:00:00+02:00', '2026-06-02T04:00:00+02:00'],
    ['23:00-01:00', '2026-06-01T12:00:00+02:00', '2026-06-01T23:00:00+02:00', '2026-06-02T01:00:00+02:00'],
    ['02:00-04:00', '2026-06-01T03:00:00+02:00', '2026-06-01T03:00:00+02:00', '2026-06-01T04:00:00+02:00'],
    // 02:00 to 03:00 does not come on 29 March.
    ['02:00-03:00', '2026-03-28T12:00:00+01:00', '2026-03-30T02:00:00+02:00', '2026-03-30T03:00:00+02:00'],
    ['02:30-03:30', '2026-03-28T12:00:00+01:00', '2026-03-29T03:00:00+02:00', '2026-03-29T03:30:00+02:00'],
    ['01:30-03:30', '2026-03-28T12:00:00+01:00', '2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'],
    ['01:30-03:30', '2026-10-24T12:00:00+02:00', '2026-10-25T01:30:00+02:00', '2026-10-25T03:30:00+01:00'],
  ])('of %s, seen at %s, is from %s to %s', (text, now, opens, closes) => {
    expect(nextWindow(windowOf(text), new Date(now), BERLIN)).toEqual({
      opens: new Date(opens),
      closes: new Date(closes),
    });
  });
});
