/**
 * Waits for a turn: one in each pass of the event loop, so that timers run between any two. A poll brings in all that arrived
 * meanwhile, and deciding on that at once would keep the watchdog waiting for as long as it takes in all.
 */
export type Turn = () => Promise<void>;

export function turns(): Turn {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => void setImmediate(resolve)));
    return last;
  };
}
