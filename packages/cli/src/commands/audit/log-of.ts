import path from 'node:path';
import { installedLog } from '../../authz/installed.ts';
import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';

/** Where the log is that a command line names, or does not. */
export function logOf(args: Args, io: Io): string {
  const named = args.text('log');
  return named === undefined ? installedLog(io) : path.resolve(io.cwd, named);
}
