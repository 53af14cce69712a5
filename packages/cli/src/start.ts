import { PUBLIC_FILE, replaceFile } from '@docker-mtls/files';
import { main } from './main.ts';
import type { Outcome } from './main.ts';
import { processIo } from './io/process-io.ts';

/** Runs one command line in the real world. */
export function start(argv: readonly string[]): Promise<Outcome> {
  return main(argv, processIo());
}

/** Puts a whole file of the program's own in place, durably: for the launcher, which is compiled at every start. */
export function writeWhole(path: string, data: Uint8Array): void {
  replaceFile(path, data, PUBLIC_FILE);
}
