import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';

/** Of a command that has printed its result itself, since it may be longer than memory. */
export const NOTHING_MORE: Report = { json: {}, text: '', bytes: new Uint8Array() };

const ENOUGH = 64 * 1024;

/** Prints parts of a result as they come, until nobody reads on. False: nobody does. */
export function printParts({ output }: Pick<Io, 'output'>, parts: Iterable<string>): boolean {
  let waiting = '';
  for (const part of parts) {
    waiting += part;
    if (waiting.length < ENOUGH) continue;
    if (!output(waiting)) return false;
    waiting = '';
  }
  return waiting === '' || output(waiting);
}
