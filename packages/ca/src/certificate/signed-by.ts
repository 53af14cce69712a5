import { constants, verify } from 'node:crypto';
import { importPublicKey, readPublicKey } from '../keys/public-key.ts';
import { readPss } from './pss.ts';
import { signatureAlgorithm } from './signature-algorithm.ts';
import type { AlgorithmIdentifier } from './signature-algorithm.ts';

type Scheme = { readonly key: string; readonly digest: string | null; readonly saltLength?: number };

/** Is this the signature of the key over the octets? Never throws: a key that cannot be used has signed nothing. */
export function isSignedBy(
  spki: Buffer,
  identifier: AlgorithmIdentifier,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const scheme = schemeOf(identifier);
  const key = importPublicKey(spki);
  if (scheme === undefined || key === undefined) return false;
  const { digest, saltLength } = scheme;
  const pss = saltLength === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  try {
    // node:crypto goes by the key alone: an EC key's signature would pass for RSA's.
    if (readPublicKey(spki).algorithm !== scheme.key) return false;
    return verify(digest, bytes, { key, ...pss }, signature);
  } catch {
    return false;
  }
}

function schemeOf(identifier: AlgorithmIdentifier): Scheme | undefined {
  const { name, parameters } = identifier;
  // RFC 8410 section 3: absent. Go looks at no other parameters but those of PSS.
  if (name === 'ed25519' && parameters !== undefined) return undefined;
  if (name !== 'rsassa-pss') return signatureAlgorithm(name);
  const pss = readPss(identifier);
  return pss && { key: 'rsaEncryption', ...pss };
}
