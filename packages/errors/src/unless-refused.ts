import { isMtlsError } from './mtls-error.ts';
import type { MtlsError } from './mtls-error.ts';

/** What `work` returns; or, where it refuses its input with an MtlsError, what is made of that. A bug is thrown on. */
export function orRefused<T, U>(work: () => T, refused: (error: MtlsError) => U): T | U {
  try {
    return work();
  } catch (error) {
    if (isMtlsError(error)) return refused(error);
    throw error;
  }
}

/** The same, of work that takes its time. */
export async function orRefusedLater<T, U>(
  work: () => Promise<T>,
  refused: (error: MtlsError) => U,
): Promise<T | U> {
  try {
    return await work();
  } catch (error) {
    if (isMtlsError(error)) return refused(error);
    throw error;
  }
}

/** What `work` returns; `undefined` where it refuses its input with an MtlsError. A bug is thrown on. */
export function unlessRefused<T>(work: () => T): T | undefined {
  return orRefused(work, () => undefined);
}

/** The MtlsError with which `work` refuses its input; `undefined` where it takes it. A bug is thrown on. */
export function refusalOf(work: () => unknown): MtlsError | undefined {
  return orRefused(
    () => {
      work();
      return undefined;
    },
    (error) => error,
  );
}
