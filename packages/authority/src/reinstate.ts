import { hasCode } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { openStore } from '@docker-mtls/ca-directory';

/** A server's pair in a CA directory. */
export type ServerPair = { readonly directory: string; readonly name: string; readonly serial: string };

/** Puts a server's earlier pair in force again. A CA directory that is gone has nothing to put in force. */
export async function reinstateServer(
  { directory, name, serial }: ServerPair,
  caller: Caller,
): Promise<void> {
  try {
    const store = await openStore(directory);
    try {
      await store.reinstatePair({
        kind: 'server',
        name,
        serial,
        operator: caller.operator,
        now: caller.now(),
      });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!hasCode(error, 'CA_DIRECTORY_NOT_FOUND')) throw error;
  }
}
