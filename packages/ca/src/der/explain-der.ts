import { escapeUnprintable } from '@docker-mtls/errors';
import { DerError } from './read.ts';

/** What a reader makes of bytes that it cannot read; `reason` is safe to print. */
export type Refusal = (reason: string, cause: DerError) => Error;

/** Reads bytes from outside; what is wrong with them comes as the error of whoever reads. */
export function explainDer<T>(refusal: Refusal, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) throw refusal(escapeUnprintable(error.message), error);
    throw error;
  }
}
