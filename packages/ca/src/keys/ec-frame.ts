import { bitString, encode, explicit, integerOf, octetString, oid, sequence } from '../der/build.ts';

/** The two curves, as node:crypto, RFC 5480 and the octets of a scalar have them. */
export const CURVES = {
  'ec-p256': { node: 'prime256v1', oid: 'secp256r1', scalarLength: 32 },
  'ec-p384': { node: 'secp384r1', oid: 'secp384r1', scalarLength: 48 },
} as const;

export type EcKeyType = keyof typeof CURVES;

/** The octets around a scalar and a point: the same for every key of a curve, so they are made once. */
type Frame = { readonly beforeScalar: Buffer; readonly beforePoint: Buffer; readonly spki: Buffer };

const frames = new Map<EcKeyType, Frame>();

/** PKCS#8 (RFC 5958) with the public key inside (RFC 5915), as OpenSSL writes it and as every tool takes it. */
export function ecPkcs8(type: EcKeyType, scalar: Buffer, point: Buffer): Buffer {
  const { beforeScalar, beforePoint } = frameOf(type);
  return Buffer.concat([beforeScalar, leftPad(scalar, CURVES[type].scalarLength), beforePoint, point]);
}

/** SubjectPublicKeyInfo (RFC 5480 section 2). */
export function ecSpki(type: EcKeyType, point: Buffer): Buffer {
  return Buffer.concat([frameOf(type).spki, point]);
}

// OpenSSL drops leading zero octets of a scalar; RFC 5915 section 3 wants them.
function leftPad(scalar: Buffer, length: number): Buffer {
  return scalar.length === length ? scalar : Buffer.concat([Buffer.alloc(length - scalar.length), scalar]);
}

function frameOf(type: EcKeyType): Frame {
  const known = frames.get(type);
  if (known !== undefined) return known;
  const frame = makeFrame(type);
  frames.set(type, frame);
  return frame;
}

function makeFrame(type: EcKeyType): Frame {
  const { oid: curve, scalarLength } = CURVES[type];
  const pointLength = 1 + 2 * scalarLength;
  const point = Buffer.alloc(pointLength);
  const algorithm = sequence(oid('ecPublicKey'), oid(curve));
  const ecPrivateKey = sequence(
    integerOf(1),
    octetString(Buffer.alloc(scalarLength)),
    explicit(1, bitString(point)),
  );
  const pkcs8 = encode(sequence(integerOf(0), algorithm, octetString(encode(ecPrivateKey))));
  const publicPart = encode(explicit(1, bitString(point))).length - pointLength;
  const pointStart = pkcs8.length - pointLength;
  return {
    beforeScalar: pkcs8.subarray(0, pointStart - publicPart - scalarLength),
    beforePoint: pkcs8.subarray(pointStart - publicPart, pointStart),
    spki: encode(sequence(algorithm, bitString(point))).subarray(0, -pointLength),
  };
}
