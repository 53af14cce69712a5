import {
  createAuthority,
  createCrl,
  encryptPrivateKey,
  parseCaName,
  parseProfile,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import type { Authority, KeyType, Profile } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import type { Caller } from '@docker-mtls/errors';
import { readProgramData } from '@docker-mtls/files';
import {
  createStore,
  defaultProfilesFolder,
  readStore,
  readTemplate,
  StoreError,
} from '@docker-mtls/ca-directory';
import { requireClock } from './clock.ts';
import { makeKey } from './make-key.ts';

export const DEFAULT_CA_NAME = 'docker-mtls CA';

const DAY = 24 * 60 * 60 * 1000;

/** dockerd reads no CRL: this one is for proxies and auditors, for whom a stale list is worse than a long one. */
const CRL_LIFETIME_DAYS = 30;

export type CaOrder = {
  readonly directory: string;
  readonly name: string;
  readonly keyType?: KeyType | undefined;
  /** Seconds; the profile's when not given. */
  readonly lifetime?: number | undefined;
  /** Called only once it is certain that there is no CA yet; `undefined` leaves the key unencrypted. */
  readonly passphrase: () => Promise<string | undefined>;
};

export type MadeCa = {
  readonly directory: string;
  /** Unlocked, so that issuing next needs neither the key file nor the passphrase again. */
  readonly authority: Authority;
  readonly encrypted: boolean;
};

/** Makes a root CA and its directory. `CA_DIRECTORY_EXISTS`, and nothing changed, if the directory holds a CA already. */
export async function makeCa(order: CaOrder, caller: Caller): Promise<MadeCa> {
  const { directory } = order;
  const name = parseCaName(order.name);
  requireClock(caller.now());
  if (await hasCa(directory)) throw caExists(directory);
  const profile = templateProfile();
  const passphrase = await order.passphrase();
  const now = caller.now();
  const keyPair = makeKey(order.keyType ?? profile.keyType, caller);
  const validity = planValidity({ profile, lifetime: order.lifetime, now });
  const authority = createAuthority({ name, profile, keyPair, validity });
  const store = await createStore(directory, {
    keyPem:
      passphrase === undefined ? privateKeyToPem(keyPair) : await encryptPrivateKey(keyPair, passphrase),
    certificate: authority.certificate,
    crlPem: createCrl(authority, emptyCrl(now)).pem,
    template: readTemplate(defaultProfilesFolder()),
    operator: caller.operator,
    now,
  });
  await store.close();
  return { directory: store.directory, authority, encrypted: passphrase !== undefined };
}

/** Is there a CA in this directory? */
export async function hasCa(directory: string): Promise<boolean> {
  try {
    const reader = await readStore(directory);
    await reader.close();
    return true;
  } catch (error) {
    if (hasCode(error, 'CA_DIRECTORY_NOT_FOUND')) return false;
    throw error;
  }
}

function caExists(directory: string): StoreError {
  return new StoreError('CA_DIRECTORY_EXISTS', `${directory} holds a CA already`, {
    hint: 'use it (docker-mtls list), or choose another directory with --ca-dir',
  });
}

/** The profile that a new CA is made by. */
export function templateProfile(): Profile {
  const data = readProgramData(defaultProfilesFolder(), 'profiles', 'ca.json');
  return parseProfile('ca', JSON.parse(data.toString('utf8')));
}

function emptyCrl(now: Date): Parameters<typeof createCrl>[1] {
  return {
    number: 1n,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + CRL_LIFETIME_DAYS * DAY),
    revoked: [],
  };
}
