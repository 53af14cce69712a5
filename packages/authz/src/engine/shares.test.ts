import { expect, test } from '@jest/globals';
import { fairShares } from './shares.ts';

test('a client with many questions holds up itself, and no other', async () => {
  const shares = fairShares(2);
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (client: string): Promise<void> =>
    shares.take(client, async () => {
      order.push(client);
      await new Promise<void>((resolve) => void ends.push(resolve));
    });
  const all = ['heavy', 'heavy', 'heavy', 'heavy', 'light'].map(ask);
  await Promise.resolve();
  expect(order).toEqual(['heavy', 'heavy', 'light']);
  for (let count = 0; count < all.length; count += 1) {
    ends.shift()?.();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await Promise.all(all);
  expect(order).toEqual(['heavy', 'heavy', 'light', 'heavy', 'heavy']);
});

test('room is given back when the work fails', async () => {
  const shares = fairShares(1);
  for (let count = 0; count < 3; count += 1)
    await expect(shares.take('a', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await shares.take('a', async () => 'done')).toBe('done');
});
