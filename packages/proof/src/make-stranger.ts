import {
  createAuthority,
  generateKeyPair,
  issueCertificate,
  parseProfile,
  planValidity,
  privateKeyToPem,
} from '@docker-mtls/ca';
import type { Profile } from '@docker-mtls/ca';
import type { PairPem } from './order.ts';

const MINUTES = { lifetime: '10m', backdate: '5m', keyType: 'ec-p256' };

const OWN_NAMES = { ca: 'docker-mtls doctor', client: 'docker-mtls doctor' };

/** A client of a CA that no engine can know, by whatever names: both are made now, and nothing of them is kept. */
export function makeStranger(
  now: Date,
  names: { readonly ca: string; readonly client: string } = OWN_NAMES,
): PairPem {
  const ca = profile('ca', { keyUsage: ['keyCertSign', 'cRLSign'], extKeyUsage: [] });
  const client = profile('client', { keyUsage: ['digitalSignature'], extKeyUsage: ['clientAuth'] });
  const authority = createAuthority({
    name: names.ca,
    profile: ca,
    keyPair: generateKeyPair('ec-p256'),
    validity: planValidity({ profile: ca, now }),
  });
  const key = generateKeyPair('ec-p256');
  const certificate = issueCertificate(authority, {
    profile: client,
    commonName: names.client,
    sans: [],
    publicKey: key.publicKey,
    validity: planValidity({ profile: client, issuer: authority.certificate, now }),
  });
  return { certificate: certificate.pem, key: privateKeyToPem(key) };
}

function profile(
  kind: 'ca' | 'client',
  usage: Readonly<Record<'keyUsage' | 'extKeyUsage', readonly string[]>>,
): Profile {
  return parseProfile(kind, { ...MINUTES, ...usage });
}
