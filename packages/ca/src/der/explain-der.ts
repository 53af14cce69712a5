import { DerError } from './read.ts';

/** What a reader makes of bytes that it cannot read. The reason is in our words: of the bytes it holds numbers alone. */
export type Refusal = (reason: string, cause: DerError) => Error;

/** Reads bytes from outside; what is wrong with them is reported as an error of the caller's kind. */
export function explainDer<T>(refusal: Refusal, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) throw refusal(error.message, error);
    throw error;
  }
}
