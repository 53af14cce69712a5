import { setTimeout as sleep } from 'node:timers/promises';

/** Tries an expectation again until it holds, for what another process does in its own time; 5 seconds at most. */
export async function eventually(expectation: () => void): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(20);
  }
}
