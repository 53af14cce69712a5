import { atMost } from './reach.ts';

/** What all that is asked of one address may cost together, whatever its server does. */
export type Budget = {
  /** Milliseconds that there were at the start, for reports. */
  readonly patienceMs: number;
  /** Milliseconds that are left, 0 when there are none. */
  readonly left: () => number;
  /** Counts bytes that were read. False: they were too many. */
  readonly read: (bytes: number) => boolean;
};

/** In bytes, on the wire, over all connections: an engine sends less than 100 kB. */
const LARGEST_READ = 8 * 1024 * 1024;

/** The time begins now. `clock` returns milliseconds. */
export function budgetOf(patienceMs: number, clock: () => number = () => performance.now()): Budget {
  const end = clock() + patienceMs;
  return {
    patienceMs,
    left: () => Math.max(0, Math.round(end - clock())),
    read: atMost(LARGEST_READ),
  };
}
