import { isMtlsError } from '@docker-mtls/errors';
import { UsageError } from './usage-error.ts';

/** Reads a word of the command line with code that knows no command line: what it refuses is wrong usage, under its own code. */
export function readWord<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    throw new UsageError(error.message, error.hint, error.code);
  }
}
