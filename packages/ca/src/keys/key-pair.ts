import { createECDH, generateKeyPairSync } from 'node:crypto';
import type { KeyPairKeyObjectResult } from 'node:crypto';
import { toPem } from '../der/pem.ts';
import { CURVES, ecPkcs8, ecSpki } from './ec-frame.ts';
import type { EcKeyType } from './ec-frame.ts';
import type { KeyType, UsableKeyType } from './key-type.ts';

/** A key in the two forms that leave this package: PKCS#8 DER (RFC 5958) and SubjectPublicKeyInfo DER (RFC 5280). */
export type KeyPair = {
  readonly type: UsableKeyType;
  readonly privateKey: Buffer;
  readonly publicKey: Buffer;
};

const GENERATORS: Readonly<Record<KeyType, () => KeyPair>> = {
  'ec-p256': () => generateEc('ec-p256'),
  'ec-p384': () => generateEc('ec-p384'),
  'rsa-2048': () => generateRsa('rsa-2048', 2048),
  'rsa-3072': () => generateRsa('rsa-3072', 3072),
  'rsa-4096': () => generateRsa('rsa-4096', 4096),
  ed25519: () => exported('ed25519', generateKeyPairSync('ed25519')),
};

/** A new key from the system's random numbers. RSA takes seconds, the others less than a millisecond. */
export function generateKeyPair(type: KeyType): KeyPair {
  return GENERATORS[type]();
}

/** Unencrypted PKCS#8 PEM: what the engine and the Docker CLI read. For a file of mode 0600, and nowhere else. */
export function privateKeyToPem(keyPair: KeyPair): string {
  return toPem('PRIVATE KEY', keyPair.privateKey);
}

// ECDH keys come as bare octets: exporting a KeyObject through OpenSSL's encoder costs more than making the key.
function generateEc(type: EcKeyType): KeyPair {
  const ecdh = createECDH(CURVES[type].node);
  const point = ecdh.generateKeys();
  return { type, privateKey: ecPkcs8(type, ecdh.getPrivateKey(), point), publicKey: ecSpki(type, point) };
}

function generateRsa(type: KeyType, modulusLength: number): KeyPair {
  return exported(type, generateKeyPairSync('rsa', { modulusLength, publicExponent: 0x10001 }));
}

function exported(type: KeyType, { privateKey, publicKey }: KeyPairKeyObjectResult): KeyPair {
  return {
    type,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
  };
}
