import { describe, expect, test } from '@jest/globals';
import { retryAt } from './renewal-schedule.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

function life(milliseconds: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return { notBefore: NOW, notAfter: new Date(NOW.getTime() + milliseconds) };
}

function waitAfter(failures: number, milliseconds: number): number {
  const next = retryAt({ failures, failedAt: NOW }, life(milliseconds), NOW);
  return (next.getTime() - NOW.getTime()) / MINUTE;
}

describe('after a failure', () => {
  test.each([
    [1, 1],
    [2, 5],
    [3, 15],
    [4, 60],
    [5, 180],
    [6, 360],
    [7, 720],
    [8, 720],
    [1000, 720],
  ])('%d in a row, the next attempt waits %d minutes', (failures, minutes) => {
    expect(waitAfter(failures, 90 * DAY)).toBe(minutes);
  });

  test.each([
    [12 * 60, 30],
    [60, 2.5],
    [1, 1],
  ])('a certificate for %d minutes never waits longer than %d', (minutes, expected) => {
    expect(waitAfter(20, minutes * MINUTE)).toBe(expected);
  });

  test('a clock that was set back holds nothing up', () => {
    const failure = { failures: 9, failedAt: new Date(NOW.getTime() + 400 * DAY) };
    expect(retryAt(failure, life(90 * DAY), NOW)).toEqual(NOW);
  });
});
