/** The octets around a scalar and a point are the same for every key of a curve: the keys' tests hold them to OpenSSL's. */
type Frame = {
  /** PKCS#8 up to the scalar: version 0, ecPublicKey, the curve, then ECPrivateKey with its version 1. */
  readonly beforeScalar: Buffer;
  /** Between scalar and point: the tag of the optional public key, and its BIT STRING. */
  readonly beforePoint: Buffer;
  /** SubjectPublicKeyInfo up to the point. */
  readonly spki: Buffer;
};

export type EcKeyType = 'ec-p256' | 'ec-p384';

type Curve = {
  readonly node: string;
  readonly jwk: string;
  readonly scalarLength: number;
  readonly frame: Frame;
};

/** The two curves: their names for node:crypto and in a JWK, and the octets of a scalar. */
export const CURVES: Readonly<Record<EcKeyType, Curve>> = {
  'ec-p256': {
    node: 'prime256v1',
    jwk: 'P-256',
    scalarLength: 32,
    frame: frame(
      '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
      'a144034200',
      '3059301306072a8648ce3d020106082a8648ce3d030107034200',
    ),
  },
  'ec-p384': {
    node: 'secp384r1',
    jwk: 'P-384',
    scalarLength: 48,
    frame: frame(
      '3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430',
      'a164036200',
      '3076301006072a8648ce3d020106052b81040022036200',
    ),
  },
};

/** PKCS#8 (RFC 5958) with the public key inside (RFC 5915), as OpenSSL writes it and as every tool takes it. */
export function ecPkcs8(type: EcKeyType, scalar: Buffer, point: Buffer): Buffer {
  const { frame: around, scalarLength } = CURVES[type];
  return Buffer.concat([around.beforeScalar, leftPad(scalar, scalarLength), around.beforePoint, point]);
}

export type EcKey = { readonly type: EcKeyType; readonly scalar: Buffer; readonly point: Buffer };

/** Takes apart what `ecPkcs8` makes; `undefined` for everything else. */
export function readEcPkcs8(der: Buffer): EcKey | undefined {
  return readAs('ec-p256', der) ?? readAs('ec-p384', der);
}

function readAs(type: EcKeyType, der: Buffer): EcKey | undefined {
  const { frame: around, scalarLength } = CURVES[type];
  const start = around.beforeScalar.length;
  const scalar = der.subarray(start, start + scalarLength);
  const point = der.subarray(start + scalarLength + around.beforePoint.length);
  const isOurs = point.length === 1 + 2 * scalarLength && ecPkcs8(type, scalar, point).equals(der);
  return isOurs ? { type, scalar, point } : undefined;
}

/** SubjectPublicKeyInfo (RFC 5480 section 2). */
export function ecSpki(type: EcKeyType, point: Buffer): Buffer {
  return Buffer.concat([CURVES[type].frame.spki, point]);
}

// OpenSSL drops leading zero octets of a scalar; RFC 5915 section 3 wants them.
function leftPad(scalar: Buffer, length: number): Buffer {
  return scalar.length === length ? scalar : Buffer.concat([Buffer.alloc(length - scalar.length), scalar]);
}

function frame(beforeScalar: string, beforePoint: string, spki: string): Frame {
  return {
    beforeScalar: Buffer.from(beforeScalar, 'hex'),
    beforePoint: Buffer.from(beforePoint, 'hex'),
    spki: Buffer.from(spki, 'hex'),
  };
}
