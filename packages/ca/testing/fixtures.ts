import { readFileSync } from 'node:fs';
import { createAuthority } from '../src/certificate/authority.ts';
import type { Authority } from '../src/certificate/authority.ts';
import type { Certificate } from '../src/certificate/certificate.ts';
import { issueCertificate } from '../src/certificate/issue.ts';
import { generateKeyPair } from '../src/keys/key-pair.ts';
import type { KeyPair } from '../src/keys/key-pair.ts';
import type { KeyType } from '../src/keys/key-type.ts';
import { parseSubjectAltName } from '../src/names/subject-alt-name.ts';
import { parseProfile } from '../src/profile/profile.ts';
import type { Profile, ProfileKind } from '../src/profile/profile.ts';
import { planValidity } from '../src/profile/validity.ts';

export const NOW = new Date('2026-01-01T00:00:00Z');

/** The profile that a new CA directory starts from, as JSON. */
export function shippedJson(kind: ProfileKind): Record<string, unknown> {
  const url = new URL(`../../../certs-template/profiles/${kind}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Record<string, unknown>;
}

export function shippedProfile(kind: ProfileKind): Profile {
  return parseProfile(kind, shippedJson(kind));
}

/** The types of key whose making costs no seconds: for tests that need one of each kind, not of each size. */
export const QUICK_TYPES: readonly KeyType[] = ['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'];

const keys = new Map<KeyType, KeyPair>();

/** One key of each type for a whole test file: RSA keys take seconds to make. */
export function sharedKey(type: KeyType): KeyPair {
  const known = keys.get(type) ?? generateKeyPair(type);
  keys.set(type, known);
  return known;
}

type AuthorityOptions = { readonly name?: string; readonly keyPair?: KeyPair; readonly now?: Date };

export function makeAuthority({ name = 'Test CA', keyPair, now = NOW }: AuthorityOptions = {}): Authority {
  const profile = shippedProfile('ca');
  const validity = planValidity({ profile, now });
  return createAuthority({ name, profile, keyPair: keyPair ?? generateKeyPair('ec-p256'), validity });
}

type LeafOptions = {
  readonly kind?: 'server' | 'client';
  readonly profile?: Profile;
  readonly commonName?: string;
  readonly groups?: readonly string[];
  readonly sans?: readonly string[];
  readonly keyPair?: KeyPair;
  readonly now?: Date;
};

export function makeLeaf(authority: Authority, options: LeafOptions = {}): Certificate {
  const { kind = 'client', groups, keyPair = sharedKey('ec-p256'), now = NOW } = options;
  const { profile = shippedProfile(kind) } = options;
  const { commonName = kind === 'client' ? 'alice' : 'node1.example.com' } = options;
  const { sans = kind === 'client' ? [] : ['node1.example.com'] } = options;
  return issueCertificate(authority, {
    profile,
    commonName,
    groups,
    sans: sans.map((name) => parseSubjectAltName(name, { wildcard: true })),
    publicKey: keyPair.publicKey,
    validity: planValidity({ profile, issuer: authority.certificate, now }),
  });
}
