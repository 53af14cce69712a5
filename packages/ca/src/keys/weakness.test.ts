import { createPrivateKey, generateKeyPairSync, generatePrimeSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { QUICK_TYPES, sharedKey } from '../../testing/fixtures.ts';
import { errorOf } from '../../testing/throws.ts';
import { bitString, encode, integer, integerOf, nullValue, oid, sequence } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { readKeyPair } from './read-key.ts';
import { keyWeakness } from './weakness.ts';

function octets(number: bigint): Buffer {
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

function rsaKey(modulus: bigint, exponent = 65537): Buffer {
  const numbers = encode(sequence(integer(octets(modulus)), integerOf(exponent)));
  return encode(sequence(sequence(oid('rsaEncryption'), nullValue()), bitString(numbers)));
}

function prime(bits: number): bigint {
  return generatePrimeSync(bits, { bigint: true });
}

/** The first number from there on that OpenSSL takes for a prime; a step of 2 unless told. */
function primeFrom(start: bigint, step = 2n): bigint {
  for (let number = start | 1n; ; number += step) if (isPrime(number)) return number;
}

function isPrime(number: bigint): boolean {
  if (SMALL.some((small) => number % small === 0n)) return false;
  // Fermat's test is enough for vectors.
  return power(2n, number - 1n, number) === 1n;
}

const SMALL = [
  3n,
  5n,
  7n,
  11n,
  13n,
  17n,
  19n,
  23n,
  29n,
  31n,
  37n,
  41n,
  43n,
  47n,
  53n,
  59n,
  61n,
  67n,
  71n,
  73n,
];

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** The product of the first primes, to which Infineon's library made its primes: k * M + 65537^a mod M. */
const M = [
  2n,
  79n,
  83n,
  89n,
  97n,
  101n,
  103n,
  107n,
  109n,
  113n,
  127n,
  131n,
  137n,
  139n,
  149n,
  151n,
  157n,
  163n,
  167n,
]
  .concat(SMALL)
  .reduce((product, each) => product * each, 1n);

function rocaPrime(): bigint {
  const residue = power(65537n, prime(60), M);
  const k = prime(1026 - M.toString(2).length);
  for (let number = k * M + residue; ; number += M) if (power(2n, number - 1n, number) === 1n) return number;
}

const p = prime(1024);

describe('keyWeakness', () => {
  test.each(QUICK_TYPES)('knows nothing against a new %s key', (type) => {
    expect(keyWeakness(sharedKey(type).publicKey)).toBeUndefined();
  });

  test('knows nothing against new RSA keys, nor against two primes of one length that are not close', () => {
    for (let count = 0; count < 3; count += 1)
      expect(keyWeakness(rsaKey(prime(1024) * prime(1024)))).toBeUndefined();
    expect(keyWeakness(rsaKey(p * primeFrom(p + (1n << 600n))))).toBeUndefined();
  });

  test.each([
    { what: 'the next prime', q: primeFrom(p + 2n) },
    { what: 'a prime 2^300 above', q: primeFrom(p + (1n << 300n)) },
    { what: 'a prime 2^512 above, one round away', q: primeFrom(p + (1n << 512n)) },
    // a - sqrt(n) is about (p - q)² / 8p: 64 rounds for a distance of 2^516.5.
    { what: 'a prime some 2^516 above, within 110 rounds', q: primeFrom(p + (1n << 516n)) },
  ])('finds the factors of a prime times $what', ({ q }) => {
    expect(keyWeakness(rsaKey(p * q))).toBe('an RSA key whose two primes are close (Fermat finds them)');
  });

  test("finds a prime times itself, which begins below the first round of Fermat's method", () => {
    expect(keyWeakness(rsaKey(p * p))).toContain('close');
  });

  test.each([3, 5, 7, 16])('finds the power %i of a prime', (exponent) => {
    const root = prime(Math.ceil(2048 / exponent) + 1);
    expect(keyWeakness(rsaKey(root ** BigInt(exponent)))).toMatch(/power|close/);
  });

  test('finds a prime', () => {
    expect(keyWeakness(rsaKey(prime(2048)))).toBe('an RSA key whose modulus is a prime');
  });

  test('finds keys of the faulty chip, and no others', () => {
    expect(keyWeakness(rsaKey(rocaPrime() * rocaPrime()))).toContain('ROCA');
    expect(keyWeakness(rsaKey(rocaPrime() * p))).toBeUndefined();
  });

  test.each([3n, 7n, 743n, 751n])('finds the factor %i', (factor) => {
    expect(keyWeakness(rsaKey(p * prime(1024) * factor))).toContain('small factor');
  });

  test.each([
    { exponent: 1, says: 'below 65537' },
    { exponent: 2, says: 'even' },
    { exponent: 3, says: 'below 65537' },
    { exponent: 65538, says: 'even' },
  ])('finds the exponent $exponent', ({ exponent, says }) => {
    expect(keyWeakness(rsaKey(p * prime(1024), exponent))).toContain(says);
  });

  const CURVES = [
    { curve: 'secp256r1', length: 32, prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n },
    { curve: 'secp384r1', length: 48, prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n },
    { curve: 'secp521r1', length: 66, prime: 2n ** 521n - 1n },
  ] as const;

  describe.each(CURVES)('on $curve', ({ curve, length, prime: modulus }) => {
    const good = generateKeyPairSync('ec', { namedCurve: curve === 'secp256r1' ? 'P-256' : curve });
    const spki = good.publicKey.export({ format: 'der', type: 'spki' });

    function withPoint(point: Buffer): Buffer {
      return encode(sequence(sequence(oid('ecPublicKey'), oid(curve)), bitString(point)));
    }

    function coordinate(number: bigint): Buffer {
      return Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex');
    }

    const point = spki.subarray(-(2 * length + 1));
    const x = BigInt(`0x${point.toString('hex', 1, 1 + length)}`);
    const y = point.subarray(1 + length);

    test('takes a point of the curve', () => {
      expect(keyWeakness(spki)).toBeUndefined();
      expect(withPoint(point)).toEqual(spki);
    });

    test.each([
      {
        what: 'the point (0,0)',
        bits: Buffer.concat([Buffer.of(4), Buffer.alloc(2 * length)]),
        says: 'not on',
      },
      {
        what: 'a point off the curve',
        bits: Buffer.concat([Buffer.of(4), coordinate(x ^ 1n), y]),
        says: 'not on',
      },
      { what: 'infinity', bits: Buffer.of(0), says: 'infinity' },
      {
        what: 'an x that is p',
        bits: Buffer.concat([Buffer.of(4), coordinate(modulus), y]),
        says: 'out of range',
      },
    ])('refuses $what', ({ bits, says }) => {
      expect(keyWeakness(withPoint(bits))).toContain(says);
    });
  });
});

const PUBLISHED_KEY =
  'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4yCfyWP+KakOIeBNTELLzJ8pjHNd94i9gWIfsqOVTTpYKK/wPqqnwsZS' +
  'uZSfa1jWmgi0X2D78ernSY1GNeLpgp8gREGCp/qrghsDf/BOeDg3IJ1nQ8DijwkHP3+WE3pkxZATh3Ft7ecoOgVI69bmJ9pG+aRc' +
  'ZklWX4iHTgqL/uoFpsFyuZTVjtSaGFisVhs0PsNQBl3zPYWTLIs/M+YyFJKe/fxdinEbIGdD4HL8TjHGtwOYmeeV73xaMM/BpENC' +
  '+74bpwjV4LWyEP8P4Q3uPrIEBYYecqnWFoQ3cyhd2Tz985kY3JCDWSOQvCUzDyNIndKXoKyUT44xIsx0g/cxnQIDAQAB';

test('a public key whose private half was published is refused, with the place', () => {
  expect(keyWeakness(Buffer.from(PUBLISHED_KEY, 'base64'))).toBe(
    'a key whose private half is public, in the tests of moby (client)',
  );
});

test('a private key whose primes are close is refused, though OpenSSL signs with it', () => {
  const q = primeFrom(p + 2n);
  const phi = (p - 1n) * (q - 1n);
  const d = inverse(65537n, phi);
  const numbers = [0n, p * q, 65537n, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  const der = encode(sequence(...numbers.map((number) => integer(octets(number)))));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs1' });
  expect(sign('sha256', Buffer.from('x'), key)).toHaveLength(256);
  const error = errorOf(() => readKeyPair(toPem('RSA PRIVATE KEY', der)));
  expect(error?.code).toBe('CA_KEY_WEAK');
  expect(error?.message).toContain('close');
});

function inverse(number: bigint, modulus: bigint): bigint {
  let [r, next, t, other] = [modulus, number % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [t, other] = [other, t - quotient * other];
  }
  return ((t % modulus) + modulus) % modulus;
}
