import { expect, test } from '@jest/globals';
import { parseMoment } from './parse-moment.ts';

test.each([
  ['2026-06-01', Date.UTC(2026, 5, 1)],
  ['2026-06-01T12:30:05Z', Date.UTC(2026, 5, 1, 12, 30, 5)],
  ['2026-06-01T12:30:05.25Z', Date.UTC(2026, 5, 1, 12, 30, 5, 250)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-02-29', undefined],
  ['2026-02-31', undefined],
  ['2026-13-01', undefined],
  ['2026-06-01T24:00:01Z', undefined],
  ['2026-06-01T12:30:05', undefined],
  ['2026-06', undefined],
  ['yesterday', undefined],
  ['', undefined],
])('%j is %j', (text, time) => {
  expect(parseMoment(text)).toBe(time);
});
