import { isEncryptedKey, openAuthority, readKeyPair } from '@docker-mtls/ca';
import type { Authority } from '@docker-mtls/ca';
import { openStore, readStore } from '@docker-mtls/store';
import type { Store, StoreReader } from '@docker-mtls/store';
import type { Args } from '../command-line/args.ts';
import { caDirectory } from './ca-directory.ts';
import type { Io } from '../io/io.ts';
import { passphraseToUnlock } from './passphrase.ts';

/**
 * One run's view of a CA directory. Looking takes no lock; what changes it goes through `exclusive`, which is kept
 * short: passphrases are asked for and keys are made before.
 */
export type Session = {
  readonly io: Io;
  readonly reader: StoreReader;
  /** The unlocked CA: the passphrase is asked for when it is first needed, and once. */
  readonly authority: () => Promise<Authority>;
  /** Holds the CA directory's lock for a piece of work; others wait meanwhile. */
  readonly exclusive: <T>(work: (store: Store) => T) => T;
};

/**
 * Opens the CA directory that the command line names, works with it, and closes it whatever happens. `made` is its CA
 * where this run has made it.
 */
export async function withSession<T>(
  args: Args,
  io: Io,
  work: (session: Session) => Promise<T>,
  made?: Authority,
): Promise<T> {
  const reader = readStore(caDirectory(args, io));
  let authority = made === undefined ? undefined : Promise.resolve(made);
  try {
    return await work({
      io,
      reader,
      authority: () => (authority ??= unlock(reader, args, io)),
      exclusive: (change) => exclusive(reader.directory, io, change),
    });
  } finally {
    reader.close();
  }
}

function exclusive<T>(directory: string, io: Io, change: (store: Store) => T): T {
  const store = openStore(directory, {
    onWait: () => io.note('waiting for another docker-mtls command to finish…'),
  });
  try {
    for (const repair of store.repairs) io.note(`repaired: ${repair}`);
    return change(store);
  } finally {
    store.close();
  }
}

async function unlock(reader: StoreReader, args: Args, io: Io): Promise<Authority> {
  const { certificate, keyPem } = reader.authority();
  const passphrase = isEncryptedKey(keyPem) ? await passphraseToUnlock(args, io) : undefined;
  return openAuthority(certificate, readKeyPair(keyPem, passphrase));
}
