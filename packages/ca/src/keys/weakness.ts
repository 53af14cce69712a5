import { pointWeakness } from './curve-point.ts';
import { bitLength, isInfinity, LARGEST_MODULUS, readPublicKey, readRsaNumbers } from './public-key.ts';
import { keyPublishedIn } from './published-key.ts';
import { modulusWeakness } from './rsa-weakness.ts';
import { isOfSmallOrder } from './small-order.ts';

/**
 * Why nobody should rely on this public key (SubjectPublicKeyInfo); `undefined` where nothing is known against it. Takes
 * milliseconds for RSA, so it is asked where a key is taken in, not whenever one is read. Throws `DerError` only.
 */
export function keyWeakness(spki: Buffer): string | undefined {
  const { algorithm, type, bits } = readPublicKey(spki);
  const published = keyPublishedIn(spki);
  if (published !== undefined) return `a key whose private half is public, in ${published}`;
  if (algorithm === 'rsaEncryption') return rsaWeakness(bits);
  if (algorithm === 'ecPublicKey') return ecWeakness(type, bits);
  return algorithm === 'ed25519' && isOfSmallOrder(bits)
    ? 'an Ed25519 key of small order, with which anybody can sign'
    : undefined;
}

function rsaWeakness(bits: Buffer): string | undefined {
  const { modulus, exponent, size } = readRsaNumbers(bits);
  if (isNegative(modulus) || isNegative(exponent)) return 'an RSA key with a negative number';
  if (size < 2048) return `an RSA key of ${size} bits`;
  if (isEven(modulus)) return 'an RSA key with an even modulus';
  if (isEven(exponent)) return 'an RSA key with an even exponent';
  // FIPS 186-5 A.1.1: 2^16 < e.
  if (bitLength(exponent) < 17) return 'an RSA key with an exponent below 65537';
  // Larger ones are of no use to Docker, and would keep the processor busy.
  return size <= LARGEST_MODULUS ? modulusWeakness(modulus) : undefined;
}

function ecWeakness(type: string, bits: Buffer): string | undefined {
  if (isInfinity(bits)) return 'an EC key that is the point at infinity';
  return bits[0] === 4 ? pointWeakness(type, bits) : undefined;
}

function isNegative(content: Buffer): boolean {
  return (content[0] ?? 0) >= 0x80;
}

function isEven(content: Buffer): boolean {
  return ((content.at(-1) ?? 0) & 1) === 0;
}
