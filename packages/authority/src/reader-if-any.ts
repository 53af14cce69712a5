import { readStore } from '@docker-mtls/ca-directory';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { orRefusedLater } from '@docker-mtls/errors';
import { hasCa } from './make-ca.ts';

/** The CA directory, to look at; `undefined` where there is none, or none that this user can read. It is to be closed. */
export async function readerIfAny(directory: string): Promise<StoreReader | undefined> {
  return orRefusedLater(
    async () => ((await hasCa(directory)) ? readStore(directory) : undefined),
    () => undefined,
  );
}
