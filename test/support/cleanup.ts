import { afterAll } from '@jest/globals';

/** Has something undone after the test file that called it, last come first: an engine stops before its folder goes. */
export function onCleanup(undo: () => void | Promise<void>): void {
  undos.push(undo);
}

const undos: (() => void | Promise<void>)[] = [];

afterAll(async () => {
  const failures: unknown[] = [];
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'cleaning up failed');
});
