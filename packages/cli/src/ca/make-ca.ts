import fs from 'node:fs';
import path from 'node:path';
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
import { hasCode, MtlsError } from '@docker-mtls/errors';
import { createStore, defaultProfilesFolder, readStore, readTemplate } from '@docker-mtls/store';
import type { Io } from '../io/io.ts';
import { makeKey } from './make-key.ts';

export const DEFAULT_CA_NAME = 'docker-mtls CA';

const DAY = 24 * 60 * 60 * 1000;

/** dockerd reads no CRL, so this one is for proxies and auditors, who would rather have it too long than expired. */
const CRL_LIFETIME_DAYS = 30;

export type CaOrder = {
  readonly directory: string;
  readonly name: string;
  readonly keyType?: KeyType | undefined;
  /** Seconds; the profile's when not given. */
  readonly lifetime?: number | undefined;
  /** Asked for only once it is certain that there is no CA yet. */
  readonly passphrase: () => Promise<string | undefined>;
};

export type MadeCa = {
  readonly directory: string;
  /** Unlocked: whoever goes on to issue need not read its key again, nor be asked for the passphrase. */
  readonly authority: Authority;
  readonly encrypted: boolean;
};

/** Makes a root CA and its directory. `STORE_EXISTS`, and nothing changed, if there is one already. */
export async function makeCa(order: CaOrder, io: Io): Promise<MadeCa> {
  const { directory } = order;
  const name = parseCaName(order.name);
  if (hasCa(directory)) throw caExists(directory);
  const profile = templateProfile();
  const passphrase = await order.passphrase();
  const now = io.now();
  const keyPair = makeKey(order.keyType ?? profile.keyType, io);
  const validity = planValidity({ profile, lifetime: order.lifetime, now });
  const authority = createAuthority({ name, profile, keyPair, validity });
  const store = createStore(directory, {
    keyPem:
      passphrase === undefined ? privateKeyToPem(keyPair) : await encryptPrivateKey(keyPair, passphrase),
    certificate: authority.certificate,
    crlPem: createCrl(authority, emptyCrl(now)).pem,
    template: readTemplate(defaultProfilesFolder()),
    operator: io.operator,
    now,
  });
  store.close();
  return { directory: store.directory, authority, encrypted: passphrase !== undefined };
}

/** Is there a CA in this directory? */
export function hasCa(directory: string): boolean {
  try {
    readStore(directory).close();
    return true;
  } catch (error) {
    if (hasCode(error, 'STORE_NOT_FOUND')) return false;
    throw error;
  }
}

function caExists(directory: string): MtlsError {
  return new MtlsError('STORE_EXISTS', `${directory} holds a CA already`, {
    hint: 'use it (docker-mtls list), or choose another directory with --ca-dir',
  });
}

/** The profile that a new CA is made by. */
export function templateProfile(): Profile {
  const file = path.join(defaultProfilesFolder(), 'profiles', 'ca.json');
  return parseProfile('ca', JSON.parse(fs.readFileSync(file, 'utf8')));
}

function emptyCrl(now: Date): Parameters<typeof createCrl>[1] {
  return {
    number: 1n,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + CRL_LIFETIME_DAYS * DAY),
    revoked: [],
  };
}
