import {
  encryptPrivateKey,
  isEncryptedKey,
  openAuthority,
  privateKeyToPem,
  readKeyPair,
} from '@docker-mtls/ca';
import type { KeyPair } from '@docker-mtls/ca';
import type { TrustedAuthority } from '@docker-mtls/ca-directory';
import { hasCode } from '@docker-mtls/errors';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

export type PassphraseOrder = {
  /** Called where a key is encrypted, at most once. */
  readonly unlock: () => Promise<string>;
  /** Called once the keys are open; `undefined` leaves them unencrypted. */
  readonly next: () => Promise<string | undefined>;
};

export type PassphraseChange = { readonly keys: number; readonly was: boolean; readonly encrypted: boolean };

/**
 * Adds, changes or removes the passphrase of all keys of the CA. One that was killed in between is finished by the same order:
 * a key that does not open with the old passphrase has the new one already.
 */
export async function changePassphrase(session: Session, order: PassphraseOrder): Promise<PassphraseChange> {
  let unlocked: Promise<string> | undefined;
  let chosen: Promise<string | undefined> | undefined;
  const unlock = (): Promise<string> => (unlocked ??= order.unlock());
  const next = (): Promise<string | undefined> => (chosen ??= order.next());
  return withCurrentCa(session, async () => {
    const trusted = await session.reader.authorities();
    const former = trusted.map(({ keyPem }) => keyPem());
    const pairs: KeyPair[] = [];
    for (const [index, authority] of trusted.entries())
      pairs.push(await openKey(authority, former[index] ?? '', { unlock, next }));
    const passphrase = await next();
    const changes = trusted.map(({ keyId }, index) => ({
      keyId,
      former: former[index] ?? '',
      pem: written(pairs[index], passphrase),
    }));
    const isEncrypted = passphrase !== undefined;
    const { operator, now } = session.caller;
    await session.exclusive((store) => store.replaceKeys({ changes, isEncrypted, operator, now: now() }));
    session.forgetAuthorities();
    return { keys: trusted.length, was: former.some(isEncryptedKey), encrypted: isEncrypted };
  });
}

async function openKey(
  { certificate }: TrustedAuthority,
  pem: string,
  { unlock, next }: PassphraseOrder,
): Promise<KeyPair> {
  const pair = isEncryptedKey(pem) ? await decrypted(pem, { unlock, next }) : readKeyPair(pem);
  openAuthority(certificate, pair);
  return pair;
}

async function decrypted(pem: string, { unlock, next }: PassphraseOrder): Promise<KeyPair> {
  try {
    return readKeyPair(pem, await unlock());
  } catch (error) {
    const other = hasCode(error, 'CA_PASSPHRASE_WRONG') ? await next() : undefined;
    if (other === undefined) throw error;
    return orFirst(error, () => readKeyPair(pem, other));
  }
}

/** What was wrong is the old passphrase, whatever the new one is. */
function orFirst<T>(first: unknown, read: () => T): T {
  try {
    return read();
  } catch {
    throw first;
  }
}

function written(pair: KeyPair | undefined, passphrase: string | undefined): string {
  if (pair === undefined) throw new Error('a key was opened and is gone');
  return passphrase === undefined ? privateKeyToPem(pair) : encryptPrivateKey(pair, passphrase);
}
