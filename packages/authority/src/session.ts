import { isEncryptedKey, openAuthority, readKeyPair } from '@docker-mtls/ca';
import type { Authority } from '@docker-mtls/ca';
import type { Caller } from '@docker-mtls/errors';
import { openStore, readStore } from '@docker-mtls/ca-directory';
import { requireClock } from './clock.ts';
import type { Store, StoreReader } from '@docker-mtls/ca-directory';

/** Which CA directory is opened, for whom, and where the passphrase of an encrypted CA key comes from. */
export type Access = {
  readonly directory: string;
  readonly caller: Caller;
  /** Called when the CA key is first needed and is encrypted, at most once. */
  readonly unlock: () => Promise<string>;
  /** The CA where this run has just made it: its key need not be read again. */
  readonly made?: Authority | undefined;
};

/**
 * One run's view of a CA directory. Reading takes no lock; what changes it goes through `exclusive`, which is kept
 * short: passphrases are asked for and keys are made before.
 */
export type Session = {
  readonly caller: Caller;
  readonly reader: StoreReader;
  /** The CA with its key, unlocked. */
  readonly authority: () => Promise<Authority>;
  /** Holds the CA directory's lock for a piece of work; other commands wait meanwhile. */
  readonly exclusive: <T>(work: (store: Store) => T) => T;
};

/** Opens a CA directory, works with it, and closes it whatever happens. `STORE_NOT_FOUND` and others of the store. */
export async function withSession<T>(access: Access, work: (session: Session) => Promise<T>): Promise<T> {
  const { caller, made } = access;
  const reader = readStore(access.directory);
  let authority = made === undefined ? undefined : Promise.resolve(made);
  try {
    return await work({
      caller,
      reader,
      authority: () => (authority ??= unlock(reader, access)),
      exclusive: (change) => exclusive(reader.directory, caller, change),
    });
  } finally {
    reader.close();
  }
}

function exclusive<T>(directory: string, { note }: Caller, change: (store: Store) => T): T {
  const store = openStore(directory, {
    onWait: () => note?.({ kind: 'info', message: 'waiting for another docker-mtls command to finish…' }),
  });
  try {
    for (const repair of store.repairs) note?.({ kind: 'info', message: `repaired: ${repair}` });
    return change(store);
  } finally {
    store.close();
  }
}

async function unlock(reader: StoreReader, access: Access): Promise<Authority> {
  requireClock(access.caller.now());
  const { certificate, keyPem } = reader.authority();
  const passphrase = isEncryptedKey(keyPem) ? await access.unlock() : undefined;
  return openAuthority(certificate, readKeyPair(keyPem, passphrase));
}
