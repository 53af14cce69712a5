import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { fakeIo } from '../../testing/fake-io.ts';
import { callerOf } from './caller.ts';
import { collectGarbage, spareMemory } from './spare-memory.ts';

function garbage(): WeakRef<object> {
  return new WeakRef({ of: 'a batch' });
}

test('what a batch has left is collected at its end', async () => {
  spareMemory();
  const left = Array.from({ length: 100 }, garbage);
  // A weak reference keeps what it refers to until the work that made it is over.
  await setImmediate();
  collectGarbage();
  expect(left.filter((each) => each.deref() !== undefined)).toEqual([]);
});

test('a batch ends with its progress, which other words do not', () => {
  let ended = 0;
  const { note } = callerOf(fakeIo({ partIsDone: () => void (ended += 1) }));
  note?.({ kind: 'progress', message: 'making an rsa-4096 key, which takes a moment…' });
  note?.({ kind: 'info', message: 'repaired: a pair' });
  expect(ended).toBe(0);
  note?.({ kind: 'progress', message: 'renewed 500 of 1000…', part: { done: 500, of: 1000 } });
  expect(ended).toBe(1);
});
