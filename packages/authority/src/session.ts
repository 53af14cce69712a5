import { isEncryptedKey, openAuthority, readKeyPair } from '@docker-mtls/ca';
import type { Authority } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { caChanged, openStore, readStore } from '@docker-mtls/ca-directory';
import { requireClock } from './clock.ts';
import type { Store, StoreReader, TrustedAuthority } from '@docker-mtls/ca-directory';

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
  /** Every trusted key of the CA, unlocked, that which signs first. Keys of one directory have one passphrase. */
  readonly authorities: () => Promise<readonly Authority[]>;
  /** The passphrase that the keys of the directory share; `undefined` where they are not encrypted. */
  readonly passphrase: () => Promise<string | undefined>;
  /** Has `authority` and `authorities` look again which key signs. */
  readonly forgetAuthorities: () => void;
  /** Holds the CA directory's lock for a piece of work; other commands wait meanwhile. */
  readonly exclusive: <T>(work: (store: Store) => Promise<T>) => Promise<T>;
};

/** Opens a CA directory, works with it, and closes it whatever happens. `CA_DIRECTORY_NOT_FOUND` and others of the store. */
export async function withSession<T>(access: Access, work: (session: Session) => Promise<T>): Promise<T> {
  const { caller, made } = access;
  const reader = await readStore(access.directory);
  let authority = made === undefined ? undefined : Promise.resolve(made);
  let passphrase: Promise<string> | undefined;
  const unlocking = { ...access, unlock: () => (passphrase ??= access.unlock()) };
  try {
    return await work({
      caller,
      reader,
      authority: () => (authority ??= unlock(reader, unlocking)),
      authorities: () => unlockAll(reader, unlocking),
      passphrase: async () =>
        isEncryptedKey((await reader.authority()).keyPem) ? unlocking.unlock() : undefined,
      forgetAuthorities: () => {
        authority = undefined;
      },
      exclusive: (change) => exclusive(reader.directory, caller, change),
    });
  } finally {
    await reader.close();
  }
}

async function exclusive<T>(
  directory: string,
  { note }: Caller,
  change: (store: Store) => Promise<T>,
): Promise<T> {
  const store = await openStore(directory, {
    onWait: () => note?.({ kind: 'info', message: 'waiting for another docker-mtls command to finish…' }),
  });
  try {
    for (const repair of store.repairs) note?.({ kind: 'info', message: `repaired: ${repair}` });
    return await change(store);
  } finally {
    await store.close();
  }
}

async function unlock(reader: StoreReader, access: Access): Promise<Authority> {
  const [signing] = await unlockSome((await reader.authorities()).filter(isSigning), access);
  if (signing === undefined) throw new Error('an opened CA has no key that signs');
  return signing;
}

async function unlockAll(reader: StoreReader, access: Access): Promise<readonly Authority[]> {
  const all = await reader.authorities();
  try {
    return await unlockSome([...all.filter(isSigning), ...all.filter((each) => !isSigning(each))], access);
  } catch (error) {
    // The key of a CA that another command has retired since is gone.
    if (!hasCode(error, 'CA_DIRECTORY_KEY_MISSING') || isSame(all, await reader.authorities())) throw error;
    throw caChanged();
  }
}

function isSame(one: readonly TrustedAuthority[], other: readonly TrustedAuthority[]): boolean {
  return one.map(({ keyId }) => keyId).join() === other.map(({ keyId }) => keyId).join();
}

function isSigning({ state }: TrustedAuthority): boolean {
  return state === 'signing';
}

/** Reads keys of the CA, with the passphrase that they share. */
export async function unlockSome(
  trusted: readonly TrustedAuthority[],
  { caller, unlock: ask }: Pick<Access, 'caller' | 'unlock'>,
): Promise<readonly Authority[]> {
  requireClock(caller.now());
  const authorities: Authority[] = [];
  for (const { certificate, keyPem } of trusted) {
    const pem = keyPem();
    const passphrase = isEncryptedKey(pem) ? await ask() : undefined;
    authorities.push(openAuthority(certificate, readKeyPair(pem, passphrase)));
  }
  return authorities;
}
