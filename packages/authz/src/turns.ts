/** Waits until the event loop has time for a piece of work. */
export type Turn = () => Promise<void>;

/** So long is worked between two looks at timers. The watchdog has patience for two seconds. */
const LONGEST_PASS_MS = 50;

/**
 * Lets timers run between pieces of work that take long. A poll brings in all that arrived meanwhile, and deciding on that at once
 * would keep the watchdog waiting for as long as it takes in all.
 */
export function turns(): Turn {
  let begun = performance.now();
  let last = Promise.resolve();
  const nextPass = (): Promise<void> =>
    new Promise((resolve) => {
      // The first may come in this pass, before timers; the second comes after them.
      setImmediate(() => {
        setImmediate(() => {
          begun = performance.now();
          resolve();
        });
      });
    });
  return () => {
    // One after the other: who waits for a promise does its work before what was chained to that later.
    last = last.then(() => (performance.now() - begun > LONGEST_PASS_MS ? nextPass() : undefined));
    return last;
  };
}
