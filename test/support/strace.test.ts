import { expect, test } from '@jest/globals';
import { aimFrom } from './strace.ts';

test('a strike that misses is aimed at the neighbours, and at what a run has counted', () => {
  const aim = aimFrom(7);
  expect([1, 2, 3, 4].map(() => aim(undefined))).toEqual([8, 6, 9, 5]);
  expect(aim(20)).toBe(20);
  expect([20, undefined, 20].map(aim)).toEqual([21, 19, 22]);
  expect([aim(1), aim(undefined), aim(undefined)]).toEqual([1, 2, 1]);
});
