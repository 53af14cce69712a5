import { describe, expect, test } from '@jest/globals';
import { keptLifetime, validityState } from './expiry.ts';

const SECOND = 1000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const at = (time: number): Date => new Date(START + time);
const month = { notBefore: at(0), notAfter: at(30 * DAY) };
const decade = { notBefore: at(0), notAfter: at(3650 * DAY), isCa: true };

describe('validityState', () => {
  test.each([
    { when: -1, state: 'not-yet-valid' },
    { when: 0, state: 'valid' },
    { when: 20 * DAY, state: 'valid' },
    { when: 20 * DAY + 1, state: 'due' },
    { when: 30 * DAY, state: 'due' },
    { when: 30 * DAY + SECOND, state: 'expired' },
  ])('a leaf of thirty days is $state after $when ms', ({ when, state }) => {
    expect(validityState(month, at(when))).toBe(state);
  });

  test.each([
    { when: -1, state: 'not-yet-valid' },
    { when: 3250 * DAY, state: 'valid' },
    { when: 3250 * DAY + 1, state: 'due' },
    { when: 3650 * DAY + SECOND, state: 'expired' },
  ])('a CA of ten years is $state after $when ms', ({ when, state }) => {
    expect(validityState(decade, at(when))).toBe(state);
  });
});

test('keptLifetime is the lifetime that was asked for, without the back-dating', () => {
  expect(keptLifetime({ notBefore: at(-300 * SECOND), notAfter: at(60 * SECOND) }, 300)).toBe(60);
});
