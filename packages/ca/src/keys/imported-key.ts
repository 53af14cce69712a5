import { createPrivateKey } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { CURVES, readEcPkcs8 } from './ec-frame.ts';
import type { EcKey } from './ec-frame.ts';
import type { KeyPair } from './key-pair.ts';

const imported = new WeakMap<KeyPair, KeyObject>();

/** The private key for node:crypto: taken in once, because that takes OpenSSL longer than to sign with it. */
export function importedKey(keyPair: KeyPair): KeyObject {
  const known = imported.get(keyPair);
  if (known !== undefined) return known;
  const key = importKey(keyPair.privateKey);
  imported.set(keyPair, key);
  return key;
}

function importKey(der: Buffer): KeyObject {
  const ec = readEcPkcs8(der);
  return ec === undefined
    ? createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    : createPrivateKey({ key: ecJwk(ec), format: 'jwk' });
}

/** RFC 7518 section 6.2: a form that OpenSSL need not decode. */
function ecJwk({ type, scalar, point }: EcKey): JsonWebKey {
  const { jwk, scalarLength } = CURVES[type];
  const x = point.subarray(1, 1 + scalarLength).toString('base64url');
  const y = point.subarray(1 + scalarLength).toString('base64url');
  return { kty: 'EC', crv: jwk, d: scalar.toString('base64url'), x, y };
}

/** A key pair whose private key is known to node:crypto already. */
export function withImportedKey(keyPair: KeyPair, key: KeyObject): KeyPair {
  imported.set(keyPair, key);
  return keyPair;
}
