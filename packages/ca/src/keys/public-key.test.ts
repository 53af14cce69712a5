import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { QUICK_TYPES, sharedKey } from '../../testing/fixtures.ts';
import { bitString, encode, integer, integerOf, nullValue, oid, sequence, tagged } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { DerError } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import { importPublicKey, readPublicKey } from './public-key.ts';
import { keyWeakness } from './weakness.ts';

const NIST_P256 = sequence(oid('ecPublicKey'), oid('secp256r1'));

function rsa(n: Buffer, exponent: number | bigint, parameters: readonly Der[] = [nullValue()]): Buffer {
  const key = encode(sequence(integer(n), integerOf(exponent)));
  return encode(sequence(sequence(oid('rsaEncryption'), ...parameters), bitString(key)));
}

/** Of 256 octets it has no small factor, unless another last one is given. */
function modulus(octets: number, last = 19): Buffer {
  const bytes = Buffer.alloc(octets, 0xc5);
  bytes[octets - 1] = last;
  return bytes;
}

function divisibleBy(factor: bigint): Buffer {
  const product = BigInt(`0x${modulus(256).toString('hex')}`) * factor;
  const hex = product.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

describe('readPublicKey', () => {
  test.each(QUICK_TYPES)('knows a %s key as a good one', (type) => {
    const info = readPublicKey(sharedKey(type).publicKey);
    expect(info).toMatchObject({ type });
    expect(keyWeakness(sharedKey(type).publicKey) ?? info.unsupported).toBeUndefined();
  });

  test.each([
    { why: '1024 bits', spki: rsa(modulus(128), 65537), weakness: 'an RSA key of 1024 bits' },
    {
      why: '2047 bits',
      spki: rsa(Buffer.concat([Buffer.of(0x7f), modulus(255)]), 65537),
      weakness: 'an RSA key of 2047 bits',
    },
    {
      why: 'an even modulus',
      spki: rsa(modulus(256, 2), 65537),
      weakness: 'an RSA key with an even modulus',
    },
    {
      why: 'a modulus that 751 divides',
      spki: rsa(divisibleBy(751n), 65537),
      weakness: 'an RSA key whose modulus has a small factor',
    },
    {
      why: 'a modulus that 3 divides',
      spki: rsa(divisibleBy(3n), 65537),
      weakness: 'an RSA key whose modulus has a small factor',
    },
    { why: 'exponent 1', spki: rsa(modulus(256), 1), weakness: 'an RSA key with an exponent below 65537' },
    { why: 'exponent 3', spki: rsa(modulus(256), 3), weakness: 'an RSA key with an exponent below 65537' },
    { why: 'exponent 0', spki: rsa(modulus(256), 0), weakness: 'an RSA key with an even exponent' },
    { why: 'an even exponent', spki: rsa(modulus(256), 65538), weakness: 'an RSA key with an even exponent' },
  ])('calls an RSA key with $why weak', ({ spki, weakness }) => {
    expect(keyWeakness(spki)).toBe(weakness);
  });

  test('takes an RSA key whose modulus has no factor below 752', () => {
    expect(keyWeakness(rsa(divisibleBy(757n), 65537))).toBeUndefined();
  });

  test('calls a negative modulus weak', () => {
    const key = encode(sequence(tagged(TAG.integer, modulus(256)), integerOf(65537)));
    const spki = encode(sequence(sequence(oid('rsaEncryption'), nullValue()), bitString(key)));
    expect(keyWeakness(spki)).toContain('negative');
  });

  test.each([
    {
      why: 'no parameters',
      spki: rsa(modulus(256), 65537, []),
      unsupported: 'RSA keys without NULL as their parameters',
    },
    {
      why: 'other parameters',
      spki: rsa(modulus(256), 65537, [integerOf(1)]),
      unsupported: 'RSA keys without NULL as their parameters',
    },
    {
      why: 'more parameters',
      spki: rsa(modulus(256), 65537, [nullValue(), nullValue()]),
      unsupported: 'RSA keys without NULL as their parameters',
    },
    { why: '8200 bits', spki: rsa(modulus(1025), 65537), unsupported: 'RSA keys of 8200 bits' },
    {
      why: 'an exponent above 2^31',
      spki: rsa(modulus(256), 0x80000001),
      unsupported: 'RSA keys with an exponent of 2^31 or more',
    },
    { why: 'P-224', spki: spkiOf('P-224'), unsupported: 'EC keys on the curve 1.3.132.0.33' },
    {
      why: 'brainpool',
      spki: spkiOf('brainpoolP256r1'),
      unsupported: 'EC keys on the curve 1.3.36.3.3.2.8.1.1.7',
    },
    {
      why: 'explicit parameters',
      spki: spkiOf('P-256', 'explicit'),
      unsupported: 'EC keys without a named curve',
    },
    {
      why: 'no parameters',
      spki: encode(sequence(sequence(oid('ecPublicKey')), bitString(Buffer.alloc(65, 4)))),
      unsupported: 'EC keys without a named curve',
    },
    {
      why: 'a compressed point',
      spki: encode(sequence(NIST_P256, bitString(Buffer.alloc(33, 2)))),
      unsupported: 'EC keys with a compressed point',
    },
    {
      why: 'DSA',
      spki: encode(sequence(sequence(oid('dsa')), bitString(Buffer.alloc(4)))),
      unsupported: 'keys of the kind dsa',
    },
  ])('says that $why is not supported', ({ spki, unsupported }) => {
    expect(readPublicKey(spki).unsupported).toBe(unsupported);
  });

  test('takes a key on P-521, as Go does', () => {
    expect(readPublicKey(spkiOf('P-521'))).toEqual({
      algorithm: 'ecPublicKey',
      type: 'ec-p521',
      bits: expect.objectContaining({ length: 133 }),
    });
  });

  test.each([
    { why: 'a short point', spki: encode(sequence(NIST_P256, bitString(Buffer.alloc(64, 4)))) },
    {
      why: 'a short Ed25519 key',
      spki: encode(sequence(sequence(oid('ed25519')), bitString(Buffer.alloc(31)))),
    },
    {
      why: 'Ed25519 with parameters',
      spki: encode(sequence(sequence(oid('ed25519'), nullValue()), bitString(Buffer.alloc(32)))),
    },
    { why: 'unused bits', spki: encode(sequence(NIST_P256, bitString(Buffer.alloc(65, 4), 1))) },
    { why: 'nothing', spki: Buffer.alloc(0) },
  ])('refuses $why', ({ spki }) => {
    expect(() => readPublicKey(spki)).toThrow(DerError);
  });
});

test('importPublicKey has no key for a point off the curve', () => {
  const spki = encode(sequence(NIST_P256, bitString(Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]))));
  expect(readPublicKey(spki).type).toBe('ec-p256');
  expect(importPublicKey(spki)).toBeUndefined();
});

function spkiOf(namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): Buffer {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve, paramEncoding });
  return publicKey.export({ format: 'der', type: 'spki' });
}
