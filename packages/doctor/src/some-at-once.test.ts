import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { someAtOnce } from './some-at-once.ts';

test('no more are at work at a time, and what came of them is in their order', async () => {
  let busy = 0;
  let most = 0;
  const items = Array.from({ length: 20 }, (_, at) => at);
  const results = await someAtOnce(items, 4, async (item) => {
    most = Math.max(most, (busy += 1));
    await sleep(item % 3);
    busy -= 1;
    return item * 2;
  });
  expect(results).toEqual(items.map((item) => item * 2));
  expect(most).toBe(4);
});

test('nothing comes of nothing', async () => {
  expect(await someAtOnce([], 4, (item) => Promise.resolve(item))).toEqual([]);
});
