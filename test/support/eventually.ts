import { setTimeout as sleep } from 'node:timers/promises';

/** Tries an expectation again until it holds, for what another process does in its own time; a minute at most. */
export async function eventually(expectation: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}
