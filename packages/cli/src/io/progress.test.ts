import { expect, test } from '@jest/globals';
import { progressBar } from './progress.ts';

test.each([
  [0, 10, '[------------------------]   0 %  message'],
  [5, 10, '[############------------]  50 %  message'],
  [999, 1000, '[#######################-]  99 %  message'],
  [10, 10, '[########################] 100 %  message'],
  [0, 0, '[------------------------]   0 %  message'],
])('%d of %d is %s', (done, of, bar) => {
  expect(progressBar({ done, of }, 'message')).toBe(bar);
});
