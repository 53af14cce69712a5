import { main } from './main.ts';
import type { Outcome } from './main.ts';
import { processIo } from './io/process-io.ts';

/** Runs one command line in the real world. */
export function start(argv: readonly string[]): Promise<Outcome> {
  return main(argv, processIo());
}
