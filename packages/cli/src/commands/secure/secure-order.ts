import type { Args } from '../../command-line/args.ts';
import type { Io } from '../../io/io.ts';
import type { Wanted } from './wanted.ts';

/** What the whole exercise is asked for. */
export type SecureOrder = {
  readonly args: Args;
  readonly io: Io;
  readonly directory: string;
  readonly wanted: Wanted;
  /** Where the engine is to be reached, as `HOST:PORT`. */
  readonly listen: readonly string[];
};
