import { readPublicKey } from '../keys/public-key.ts';
import { sha256Bytes } from '../sha256.ts';

/** RFC 7093 section 2, method 1: the first 160 bits of the SHA-256 of the public key's bits. */
export function keyIdentifier(publicKeyBits: Buffer): Buffer {
  return sha256Bytes(publicKeyBits).subarray(0, 20);
}

/** The key identifier that this CA gives to a key (SubjectPublicKeyInfo). Other programs may give it another. */
export function keyIdOfKey(publicKey: Buffer): string {
  return keyIdentifier(readPublicKey(publicKey).bits).toString('hex');
}
