import { expect, test } from '@jest/globals';
import { withHostLock } from './lock.ts';

const quiet = { onWait: (): void => undefined };

test('one waits for the other, and says so once', async () => {
  const order: string[] = [];
  const first = withHostLock(async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    order.push('first');
  }, quiet);
  const second = withHostLock(async () => void order.push('second'), {
    onWait: () => void order.push('waits'),
  });
  await Promise.all([first, second]);
  expect(order).toEqual(['waits', 'first', 'second']);
});

test('gives up after a while', async () => {
  await withHostLock(async () => {
    const second = withHostLock(async () => undefined, { ...quiet, patienceMs: 100 });
    await expect(second).rejects.toMatchObject({ code: 'HOST_BUSY' });
  }, quiet);
});

test('is free again after a failure', async () => {
  await expect(withHostLock(() => Promise.reject(new Error('x')), quiet)).rejects.toThrow('x');
  expect(await withHostLock(async () => 1, quiet)).toBe(1);
});
