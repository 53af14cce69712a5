import { CaError } from '../src/error.ts';
import type { CaErrorCode } from '../src/error.ts';

/** The code of the `CaError` that this throws; anything else that it throws goes on; `undefined` when it is quiet. */
export function codeOf(action: () => unknown): CaErrorCode | undefined {
  return errorOf(action)?.code;
}

export function errorOf(action: () => unknown): CaError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof CaError) return error;
    throw error;
  }
}
