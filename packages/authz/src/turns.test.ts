import { expect, test } from '@jest/globals';
import { turns } from './turns.ts';

function work(): void {
  for (const end = performance.now() + 60; performance.now() < end;);
}

test('timers run between two turns that take long, and turns come in their order', async () => {
  const turn = turns();
  const seen: string[] = [];
  const beats = setInterval(() => seen.push('beat'), 1);
  await Promise.all(
    ['one', 'two', 'three'].map(async (name) => {
      await turn();
      seen.push(name);
      work();
    }),
  );
  clearInterval(beats);
  expect(seen.join(' ').replaceAll(/(beat )+/g, 'beat ')).toMatch(/^(?:beat )?one beat two beat three$/);
});
