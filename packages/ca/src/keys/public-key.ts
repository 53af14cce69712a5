import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, encode, nullValue, oid, sequence } from '../der/build.ts';
import { DerError, DerReader, integerContent, oidValue, readSequence, wholeOctets } from '../der/read.ts';
import { TAG } from '../der/tag.ts';

/** What a SubjectPublicKeyInfo says. `type` is a `UsableKeyType` where there is a use for it, else a name such as `ed448`. */
export type PublicKeyInfo = {
  readonly algorithm: string;
  readonly type: string;
  /** The subjectPublicKey bits, over which key identifiers are made. */
  readonly bits: Buffer;
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

/** The same key, but with the NULL that RFC 3279 section 2.3.1 demands of RSA, and that some tools leave out. */
export function withRsaParameters(spki: Buffer): Buffer {
  const reader = readSequence(spki, WHAT);
  const identifier = new DerReader(reader.read(TAG.sequence, WHAT).content);
  const algorithm = oidValue(identifier.read(TAG.oid, WHAT), WHAT);
  if (algorithm !== 'rsaEncryption' || !identifier.atEnd) return spki;
  const bits = wholeOctets(reader.read(TAG.bitString, WHAT), WHAT);
  reader.finish(WHAT);
  return encode(sequence(sequence(oid('rsaEncryption'), nullValue()), bitString(bits)));
}

/** The key for node:crypto, or `undefined` when OpenSSL does not take it, for instance a point off its curve. */
export function importPublicKey(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

type KeyFacts = Pick<PublicKeyInfo, 'type' | 'unsupported'>;

function rsaFacts(parameters: DerReader, bits: Buffer): KeyFacts {
  const { size, exponent } = readRsaNumbers(bits);
  const type = `rsa-${size}`;
  return isNull(parameters)
    ? { type, ...rsaLimits(size, exponent) }
    : { type, unsupported: 'RSA keys without NULL as their parameters' };
}

export type RsaNumbers = { readonly modulus: Buffer; readonly exponent: Buffer; readonly size: number };

/** RSAPublicKey (RFC 8017 appendix A.1.1): content octets of two INTEGERs, and the modulus' length in bits. */
export function readRsaNumbers(bits: Buffer): RsaNumbers {
  const reader = readSequence(bits, WHAT);
  const modulus = integerContent(reader.read(TAG.integer, WHAT), WHAT);
  const exponent = integerContent(reader.read(TAG.integer, WHAT), WHAT);
  reader.finish(WHAT);
  return { modulus, exponent, size: bitLength(modulus) };
}

/** RFC 3279 section 2.3.1. OpenSSL takes a key without it, Go reads no certificate that has one. */
function isNull(parameters: DerReader): boolean {
  return parameters.readIf(TAG.null, WHAT)?.content.length === 0 && parameters.atEnd;
}

// Go's crypto/x509 and crypto/tls: an exponent is below 2^31, a modulus has at most so many bits.
export const LARGEST_MODULUS = 8192;

function rsaLimits(size: number, exponent: Buffer): Pick<KeyFacts, 'unsupported'> {
  if (size > LARGEST_MODULUS) return { unsupported: `RSA keys of ${size} bits` };
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
  if (isInfinity(bits)) return { type: known.type };
  if (bits[0] !== 4) return { type: known.type, unsupported: 'EC keys with a compressed point' };
  if (bits.length !== known.octets) throw new DerError(`${WHAT}: a point of the wrong length`);
  return { type: known.type };
}

function ed25519Facts(parameters: DerReader, bits: Buffer): KeyFacts {
  parameters.finish(WHAT);
  if (bits.length !== 32) throw new DerError(`${WHAT}: an Ed25519 key has 32 octets`);
  return { type: 'ed25519' };
}

/** SEC 1 section 2.3.3: the point at infinity is one zero octet. */
export function isInfinity(bits: Buffer): boolean {
  return bits.length === 1 && bits[0] === 0;
}

export function bitLength(content: Buffer): number {
  const start = content[0] === 0 ? 1 : 0;
  const first = content[start] ?? 0;
  return first === 0 ? 0 : (content.length - start) * 8 - (Math.clz32(first) - 24);
}
