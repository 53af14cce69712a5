/** A curve y² = x³ - 3x + b of prime order (FIPS 186-5, SP 800-186): each of its points but infinity generates it. */
type Curve = { readonly prime: bigint; readonly b: bigint };

const CURVES: Readonly<Record<string, Curve | undefined>> = {
  'ec-p256': {
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'ec-p384': {
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'ec-p521': {
    prime: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

/** Why an uncompressed point, with its first octet, is no public key of the curve (SP 800-56A 5.6.2.3.3). */
export function pointWeakness(type: string, point: Buffer): string | undefined {
  const curve = CURVES[type];
  if (curve === undefined) return undefined;
  const half = (point.length - 1) / 2;
  const x = BigInt(`0x${point.toString('hex', 1, 1 + half)}`);
  const y = BigInt(`0x${point.toString('hex', 1 + half)}`);
  if (x >= curve.prime || y >= curve.prime) return 'an EC key with a coordinate that is out of range';
  const isOnCurve = (y * y - (x * x * x - 3n * x + curve.b)) % curve.prime === 0n;
  return isOnCurve ? undefined : 'an EC key whose point is not on its curve';
}
