import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  parseSubjectAltName,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import type { Authority } from '@docker-mtls/ca';
import type { PairPem } from '../src/index.ts';

const PROFILES = {
  ca: { keyUsage: ['keyCertSign', 'cRLSign'], extKeyUsage: [] },
  server: { keyUsage: ['digitalSignature'], extKeyUsage: ['serverAuth'] },
  client: { keyUsage: ['digitalSignature'], extKeyUsage: ['clientAuth'] },
} as const;

function profileOf(kind: keyof typeof PROFILES): ReturnType<typeof parseProfile> {
  return parseProfile(kind, { keyType: 'ec-p256', lifetime: '1d', backdate: '5m', ...PROFILES[kind] });
}

/** The servers of these tests check dates by the real clock, so this is it. */
export function makeAuthority(name: string): Authority {
  const profile = profileOf('ca');
  return createAuthority({
    name,
    profile,
    keyPair: generateKeyPair('ec-p256'),
    validity: planValidity({ profile, now: new Date() }),
  });
}

export type IssuedPair = PairPem & { readonly fingerprint: string };

export function issue(authority: Authority, kind: 'server' | 'client', host = 'localhost'): IssuedPair {
  const key = generateKeyPair('ec-p256');
  const certificate = issueCertificate(authority, {
    profile: profileOf(kind),
    commonName: kind,
    sans: kind === 'server' ? [parseSubjectAltName(host)] : [],
    publicKey: key.publicKey,
    validity: planValidity({ profile: profileOf(kind), issuer: authority.certificate, now: new Date() }),
  });
  return {
    certificate: certificate.pem,
    key: privateKeyToPem(key),
    fingerprint: certificate.info.fingerprint,
  };
}
