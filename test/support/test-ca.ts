import fs from 'node:fs';
import path from 'node:path';
import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  openAuthority,
  parseClientName,
  parseGroupName,
  parseProfile,
  parseSubjectAltName,
  planValidity,
  privateKeyToPem,
  readCertificate,
  readKeyPair,
  type Authority,
  type KeyPair,
  type KeyType,
  type Profile,
  type ProfileKind,
  type Validity,
} from '@docker-mtls/ca';
import { REPOSITORY } from './cache.ts';

/** A certificate and its key, as texts. */
export type TestPair = { readonly certificate: string; readonly key: string };

/** What a pair is to hold. Names are given as on the command line; without a validity it is the profile's, from now. */
export type TestOrder = {
  readonly name?: string;
  readonly sans?: readonly string[];
  readonly groups?: readonly string[];
  readonly keyType?: KeyType;
  /** Instead of the shipped one. */
  readonly profile?: Profile;
  /** Instead of a new key. */
  readonly keyPair?: KeyPair;
  readonly validity?: Validity;
};

/** The profile that a new CA directory starts with. */
export function shippedProfile(kind: ProfileKind): Profile {
  const file = path.join(REPOSITORY, 'certs-template/profiles', `${kind}.json`);
  return parseProfile(kind, JSON.parse(fs.readFileSync(file, 'utf8')));
}

/** Makes a CA in memory with a new key of a type, or with a key that there is; valid from now unless told. */
export function makeAuthority(
  name: string,
  key: KeyType | KeyPair,
  validity: Validity = planValidity({ profile: shippedProfile('ca'), now: new Date() }),
): { authority: Authority; pem: string; key: string } {
  const profile = shippedProfile('ca');
  const keyPair = typeof key === 'string' ? generateKeyPair(key) : key;
  const authority = createAuthority({ name, profile, keyPair, validity });
  return { authority, pem: authority.certificate.pem, key: privateKeyToPem(keyPair) };
}

/** Opens the CA of a directory behind the program's back, to sign what the program would refuse. */
export function authorityOf(caDirectory: string): Authority {
  const read = (name: string): string => fs.readFileSync(path.join(caDirectory, name), 'utf8');
  return openAuthority(readCertificate(read('ca.pem')), readKeyPair(read('private/ca-key.pem')));
}

/** Has a CA sign for a key. */
export function issuePair(authority: Authority, kind: 'server' | 'client', order: TestOrder): TestPair {
  const profile = order.profile ?? shippedProfile(kind);
  const keyPair = order.keyPair ?? generateKeyPair(order.keyType ?? profile.keyType);
  const { pem } = issueCertificate(authority, {
    profile,
    ...(order.name !== undefined && {
      commonName: kind === 'client' ? parseClientName(order.name) : order.name,
    }),
    groups: (order.groups ?? []).map(parseGroupName),
    sans: (order.sans ?? []).map((text) => parseSubjectAltName(text, { wildcard: true })),
    publicKey: keyPair.publicKey,
    validity: order.validity ?? planValidity({ profile, issuer: authority.certificate, now: new Date() }),
  });
  return { certificate: pem, key: privateKeyToPem(keyPair) };
}

/** A span of time relative to now, in days. */
export function days(from: number, to: number): Validity {
  return { notBefore: inDays(from), notAfter: inDays(to) };
}

function inDays(count: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 + count * 86_400_000);
}
