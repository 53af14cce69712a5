import { createHash } from 'node:crypto';

/** RFC 7093 section 2, method 1: the first 160 bits of the SHA-256 of the public key's bits. */
export function keyIdentifier(publicKeyBits: Buffer): Buffer {
  return createHash('sha256').update(publicKeyBits).digest().subarray(0, 20);
}
