import { hasCode } from '@docker-mtls/errors';
import type { PairRecord } from '@docker-mtls/engine';
import { openStore } from '@docker-mtls/store';
import type { Io } from '../io/io.ts';

/** Puts a server's earlier pair in force again. Where its CA is gone, there is nothing that could be in force. */
export function reinstateServer({ directory, name, serial }: PairRecord, io: Io): void {
  try {
    const store = openStore(directory);
    try {
      store.reinstatePair({ kind: 'server', name, serial, operator: io.operator, now: io.now() });
    } finally {
      store.close();
    }
  } catch (error) {
    if (!hasCode(error, 'STORE_NOT_FOUND')) throw error;
  }
}
