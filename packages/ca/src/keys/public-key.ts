import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { DerError, DerReader, integerContent, oidValue, readSequence, wholeOctets } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import { hasSmallFactor } from './small-factor.ts';
import { isOfSmallOrder } from './small-order.ts';

/** What a SubjectPublicKeyInfo says. `type` is a `UsableKeyType` where there is a use for it, else a name such as `ed448`. */
export type PublicKeyInfo = {
  readonly algorithm: string;
  readonly type: string;
  /** The subjectPublicKey bits, over which key identifiers are made. */
  readonly bits: Buffer;
  /** Why nobody should rely on the key. */
  readonly weakness?: string;
  /** Why the key is of no use to an engine or a Docker CLI (both are Go's crypto/tls). */
  readonly unsupported?: string;
};

const WHAT = 'public key';
const CURVE_TYPES: Readonly<Record<string, { readonly type: string; readonly octets: number } | undefined>> =
  {
    secp256r1: { type: 'ec-p256', octets: 65 },
    secp384r1: { type: 'ec-p384', octets: 97 },
    secp521r1: { type: 'ec-p521', octets: 133 },
  };

/** Reads a SubjectPublicKeyInfo (RFC 3279, 5480, 8410) of any kind. Throws `DerError` only. */
export function readPublicKey(spki: Buffer): PublicKeyInfo {
  const reader = readSequence(spki, WHAT);
  const identifier = reader.read(TAG.sequence, WHAT);
  const bits = wholeOctets(reader.read(TAG.bitString, WHAT), WHAT);
  reader.finish(WHAT);
  const parameters = new DerReader(identifier.content);
  const algorithm = oidValue(parameters.read(TAG.oid, WHAT), WHAT);
  if (algorithm === 'rsaEncryption') return { algorithm, bits, ...rsaFacts(parameters, bits) };
  if (algorithm === 'ecPublicKey') return { algorithm, bits, ...ecFacts(parameters, bits) };
  if (algorithm === 'ed25519') return { algorithm, bits, ...ed25519Facts(parameters, bits) };
  return { algorithm, bits, type: algorithm, unsupported: `keys of the kind ${algorithm}` };
}

/** The key for node:crypto, or `undefined` when OpenSSL does not take it, for instance a point off its curve. */
export function importPublicKey(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

type KeyFacts = Pick<PublicKeyInfo, 'type' | 'weakness' | 'unsupported'>;

function rsaFacts(parameters: DerReader, bits: Buffer): KeyFacts {
  const reader = readSequence(bits, WHAT);
  const modulus = integerContent(reader.read(TAG.integer, WHAT), WHAT);
  const exponent = integerContent(reader.read(TAG.integer, WHAT), WHAT);
  reader.finish(WHAT);
  const size = bitLength(modulus);
  const weakness = rsaWeakness(size, modulus, exponent);
  const type = `rsa-${size}`;
  if (weakness !== undefined) return { type, weakness };
  return isNull(parameters)
    ? { type, ...rsaLimits(size, exponent) }
    : { type, unsupported: 'RSA keys without NULL as their parameters' };
}

/** RFC 3279 section 2.3.1. OpenSSL takes a key without it, Go reads no certificate that has one. */
function isNull(parameters: DerReader): boolean {
  return parameters.readIf(TAG.null, WHAT)?.content.length === 0 && parameters.atEnd;
}

function rsaWeakness(size: number, modulus: Buffer, exponent: Buffer): string | undefined {
  if (isNegative(modulus) || isNegative(exponent)) return 'an RSA key with a negative number';
  if (size < 2048) return `an RSA key of ${size} bits`;
  if (isEven(modulus)) return 'an RSA key with an even modulus';
  if (isEven(exponent)) return 'an RSA key with an even exponent';
  // FIPS 186-5 A.1.1: 2^16 < e.
  if (bitLength(exponent) < 17) return 'an RSA key with an exponent below 65537';
  return size <= LARGEST && hasSmallFactor(modulus)
    ? 'an RSA key whose modulus has a small factor'
    : undefined;
}

// Go's crypto/x509 and crypto/tls: an exponent is below 2^31, a modulus has at most so many bits.
const LARGEST = 8192;

function rsaLimits(size: number, exponent: Buffer): Pick<KeyFacts, 'unsupported'> {
  if (size > LARGEST) return { unsupported: `RSA keys of ${size} bits` };
  return bitLength(exponent) > 31 ? { unsupported: 'RSA keys with an exponent of 2^31 or more' } : {};
}

function ecFacts(parameters: DerReader, bits: Buffer): KeyFacts {
  // RFC 5480 section 2.1.1: implicitCurve and specifiedCurve MUST NOT be used.
  const curve = parameters.readIf(TAG.oid, WHAT);
  if (curve === undefined) return { type: 'ec', unsupported: 'EC keys without a named curve' };
  parameters.finish(WHAT);
  const name = oidValue(curve, WHAT);
  const known = CURVE_TYPES[name];
  if (known === undefined) return { type: name, unsupported: `EC keys on the curve ${name}` };
  if (bits[0] !== 4) return { type: known.type, unsupported: 'EC keys with a compressed point' };
  if (bits.length !== known.octets) throw new DerError(`${WHAT}: a point of the wrong length`);
  return { type: known.type };
}

function ed25519Facts(parameters: DerReader, bits: Buffer): KeyFacts {
  parameters.finish(WHAT);
  if (bits.length !== 32) throw new DerError(`${WHAT}: an Ed25519 key has 32 octets`);
  const weakness = 'an Ed25519 key of small order, with which anybody can sign';
  return isOfSmallOrder(bits) ? { type: 'ed25519', weakness } : { type: 'ed25519' };
}

function isNegative(content: Buffer): boolean {
  return (content[0] ?? 0) >= 0x80;
}

function isEven(content: Buffer): boolean {
  return ((content.at(-1) ?? 0) & 1) === 0;
}

function bitLength(content: Buffer): number {
  const start = content[0] === 0 ? 1 : 0;
  const first = content[start] ?? 0;
  return first === 0 ? 0 : (content.length - start) * 8 - (Math.clz32(first) - 24);
}
