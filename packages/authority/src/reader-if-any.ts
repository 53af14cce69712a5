import { readStore } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { isMtlsError } from '@docker-mtls/errors';
import { hasCa } from './make-ca.ts';

/** The CA directory, to look at; `undefined` where there is none, or none that this user can read. It is to be closed. */
export async function readerIfAny(directory: string): Promise<StoreReader | undefined> {
  try {
    return (await hasCa(directory)) ? await readStore(directory) : undefined;
  } catch (error) {
    if (isMtlsError(error)) return undefined;
    throw error;
  }
}
