import { isMtlsError } from './mtls-error.ts';

/** What `work` returns; `undefined` where it refuses its input with an MtlsError. A bug is thrown on. */
export function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isMtlsError(error)) return undefined;
    throw error;
  }
}
