import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyPair } from './key-pair.ts';

const imported = new WeakMap<KeyPair, KeyObject>();

/** The private key for node:crypto: taken in once, because that takes OpenSSL longer than to sign with it. */
export function importedKey(keyPair: KeyPair): KeyObject {
  const known = imported.get(keyPair);
  if (known !== undefined) return known;
  const key = createPrivateKey({ key: keyPair.privateKey, format: 'der', type: 'pkcs8' });
  imported.set(keyPair, key);
  return key;
}

/** A key pair whose private key is known to node:crypto already. */
export function withImportedKey(keyPair: KeyPair, key: KeyObject): KeyPair {
  imported.set(keyPair, key);
  return keyPair;
}
