import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { QUICK_TYPES, sharedKey } from '../../testing/fixtures.ts';
import { mutated } from '../../testing/mutations.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import {
  bitString,
  encode,
  explicit,
  integerOf,
  nullValue,
  octetString,
  oid,
  sequence,
  tagged,
} from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { TAG } from '../der/tag.ts';
import { ecPkcs8 } from './ec-frame.ts';
import { generateKeyPair, privateKeyToPem } from './key-pair.ts';
import { isEncryptedKey, readKeyPair } from './read-key.ts';

const key = sharedKey('ec-p256');
const pem = privateKeyToPem(key);

function pkcs8(privateKey: KeyObject): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function encryptedWith(passphrase: string): string {
  const options = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase } as const;
  return createPrivateKey(pem).export(options).toString();
}

function legacy(type: 'sec1' | 'pkcs1', source: string): string {
  return createPrivateKey(source).export({ format: 'pem', type }).toString();
}

function encryptedBy(algorithm: Der): string {
  return toPem('ENCRYPTED PRIVATE KEY', encode(sequence(algorithm, octetString(Buffer.alloc(64)))));
}

describe('readKeyPair', () => {
  test.each(QUICK_TYPES)('reads back a %s key', (type) => {
    expect(readKeyPair(Buffer.from(privateKeyToPem(sharedKey(type))))).toEqual(sharedKey(type));
  });

  test('reads the older forms of OpenSSL', () => {
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(readKeyPair(parameters + legacy('sec1', pem))).toEqual(key);
    const rsa = sharedKey('rsa-2048');
    expect(readKeyPair(legacy('pkcs1', privateKeyToPem(rsa)))).toEqual(rsa);
  });

  test('takes the first block that is labelled as a key, in any form, as Go does', () => {
    const others = toPem('CERTIFICATE', Buffer.of(0x30, 0)) + toPem('EC PARAMETERS', Buffer.of(5, 0));
    const second = privateKeyToPem(sharedKey('ed25519'));
    expect(readKeyPair(others + pem + second)).toEqual(key);
    for (const label of ['EC PRIVATE KEY', 'RSA PRIVATE KEY', 'FOO PRIVATE KEY'])
      expect(readKeyPair(pem.replaceAll('PRIVATE KEY', label))).toEqual(key);
    expect(readKeyPair(pem.replaceAll('\n', ' \r\n'))).toEqual(key);
    expect(readKeyPair(toPem('PRIVATE KEY', Buffer.of(0x30, 0)).replace('MAA=', 'MA*=') + pem)).toEqual(key);
  });

  test('opens the older encrypted form', () => {
    const old = createPrivateKey(pem).export({
      format: 'pem',
      type: 'sec1',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    expect(isEncryptedKey(old)).toBe(true);
    expect(readKeyPair(old, 'x')).toEqual(key);
    expect(codeOf(() => readKeyPair(old))).toBe('CA_PASSPHRASE_NEEDED');
    expect(codeOf(() => readKeyPair(old, 'y'))).toBe('CA_PASSPHRASE_WRONG');
    expect(
      readKeyPair(`${toPem('EC PARAMETERS', Buffer.of(5, 0))}${old}`.replaceAll('\n', ' \r\n'), 'x'),
    ).toEqual(key);
  });

  test.each([undefined, ''])('asks for a passphrase when there is none (%j)', (passphrase) => {
    expect(codeOf(() => readKeyPair(encryptedWith('right'), passphrase))).toBe('CA_PASSPHRASE_NEEDED');
  });

  // One wrong passphrase in 256 leaves padding that looks right: then it is the DER inside that is not.
  test('knows every wrong passphrase for one', () => {
    const encrypted = encryptedWith('right');
    const codes = Array.from({ length: 300 }, (_, index) =>
      codeOf(() => readKeyPair(encrypted, `wrong${index}`)),
    );
    expect(new Set(codes)).toEqual(new Set(['CA_PASSPHRASE_WRONG']));
  });

  test('says nothing of the passphrase', () => {
    const error = errorOf(() => readKeyPair(encryptedWith('right'), 'my-secret'));
    expect(`${error?.message} ${error?.hint}`).not.toContain('my-secret');
  });

  describe('refuses a key file that would keep the processor busy', () => {
    const salt = octetString(Buffer.alloc(16));
    // PKCS #12's 3DES, which has no name with us: RFC 7292 appendix C.
    const tripleDes = tagged(TAG.oid, Buffer.from('2a864886f70d010c0103', 'hex'));

    function pbes2(derivation: Der): string {
      const scheme = sequence(oid('aes256-CBC'), octetString(Buffer.alloc(16)));
      return encryptedBy(sequence(oid('PBES2'), sequence(derivation, scheme)));
    }

    const busy = pbes2(sequence(oid('PBKDF2'), sequence(salt, integerOf(0x7fffffff))));
    test.each([
      { by: 'PBKDF2', text: busy, rounds: 0x7fffffff },
      { by: 'PBKDF2, behind an older header', text: `Proc-Type: 4,ENCRYPTED\n${busy}`, rounds: 0x7fffffff },
      {
        by: "PKCS #12's own",
        text: encryptedBy(sequence(tripleDes, sequence(salt, integerOf(10_000_001)))),
        rounds: 10_000_001,
      },
      {
        by: 'scrypt',
        text: pbes2(
          sequence(oid('scrypt'), sequence(salt, integerOf(2 ** 14), integerOf(1), integerOf(1000))),
        ),
        rounds: 16_384_000,
      },
    ])('by $by', ({ text, rounds }) => {
      const error = errorOf(() => readKeyPair(text, 'x'));
      expect(error?.code).toBe('CA_KEY_INVALID');
      expect(error?.message).toContain(`${rounds} rounds`);
    });
  });

  test.each([
    { why: 'nothing', text: '' },
    { why: 'no PEM', text: 'hello' },
    { why: 'DER', text: key.privateKey.toString('latin1') },
    { why: 'a certificate', text: toPem('CERTIFICATE', Buffer.of(0x30, 0)) },
    { why: 'a public key', text: toPem('PUBLIC KEY', key.publicKey) },
    { why: 'a key without its last line', text: pem.slice(0, -10) },
    { why: 'a key labelled in lower case', text: pem.replaceAll('PRIVATE KEY', 'private key') },
    { why: 'a damaged key', text: pem.replace('MIGH', 'MIGX') },
    { why: 'an empty key', text: toPem('PRIVATE KEY', Buffer.of(0x30, 0)) },
    {
      why: 'another algorithm',
      text: toPem('PRIVATE KEY', encode(sequence(integerOf(0), sequence(oid('dsa'), nullValue())))),
    },
    { why: 'secp256k1', text: pkcs8(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey) },
    { why: 'Ed448', text: pkcs8(generateKeyPairSync('ed448').privateKey) },
    { why: 'X25519', text: pkcs8(generateKeyPairSync('x25519').privateKey) },
    { why: 'RSA-PSS', text: pkcs8(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey) },
  ])('refuses $why', ({ text }) => {
    const error = errorOf(() => readKeyPair(text));
    expect(error?.code).toBe('CA_KEY_INVALID');
    expect(error?.hint).toBeTruthy();
  });

  test('says of a key that is of no use why', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(errorOf(() => readKeyPair(pkcs8(privateKey)))?.message).toBe(
      'an engine or a Docker CLI has no use for EC keys on the curve secp256k1',
    );
  });

  test.each([
    { type: 'ec-p521', made: generateKeyPairSync('ec', { namedCurve: 'P-521' }) },
    { type: 'rsa-2056', made: generateKeyPairSync('rsa', { modulusLength: 2056 }) },
  ])('takes a key of the kind $type, which we make none of and Go does', ({ type, made }) => {
    expect(readKeyPair(pkcs8(made.privateKey))).toEqual({
      type,
      privateKey: made.privateKey.export({ format: 'der', type: 'pkcs8' }),
      publicKey: made.publicKey.export({ format: 'der', type: 'spki' }),
    });
  });

  test.each([
    { why: '1024 bits', options: { modulusLength: 1024 } },
    { why: 'an exponent of 3', options: { modulusLength: 2048, publicExponent: 3 } },
  ])('calls an RSA key with $why weak', ({ options }) => {
    const { privateKey } = generateKeyPairSync('rsa', options);
    expect(codeOf(() => readKeyPair(pkcs8(privateKey)))).toBe('CA_KEY_WEAK');
  });

  test("refuses a key that carries another key's public half, in our form and in OpenSSL's older one", () => {
    const other = generateKeyPair('ec-p256');
    const scalar = key.privateKey.subarray(36, 68);
    const point = other.publicKey.subarray(-65);
    const curve = explicit(0, oid('secp256r1'));
    const sec1 = encode(sequence(integerOf(1), octetString(scalar), curve, explicit(1, bitString(point))));
    const forms = [toPem('PRIVATE KEY', ecPkcs8('ec-p256', scalar, point)), toPem('EC PRIVATE KEY', sec1)];
    for (const form of forms) expect(errorOf(() => readKeyPair(form))?.message).toContain('public half');
  });

  test.each(['00'.repeat(32), 'ff'.repeat(32)])('refuses the scalar %s, which is none', (scalar) => {
    const bad = ecPkcs8('ec-p256', Buffer.from(scalar, 'hex'), key.publicKey.subarray(-65));
    expect(codeOf(() => readKeyPair(toPem('PRIVATE KEY', bad)))).toBe('CA_KEY_INVALID');
  });

  test.each([key, sharedKey('ed25519'), sharedKey('rsa-2048')])(
    'throws a CaError alone, whatever it reads',
    (good) => {
      fc.assert(
        fc.property(mutated(good.privateKey), (bytes) => {
          const code = codeOf(() => readKeyPair(toPem('PRIVATE KEY', bytes)));
          expect(['CA_KEY_INVALID', 'CA_KEY_WEAK', undefined]).toContain(code);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('throws a CaError alone, whatever encrypted key it reads', () => {
    const der = Buffer.from(encryptedWith('x').replaceAll(/-----.*-----|\n/g, ''), 'base64');
    fc.assert(
      fc.property(mutated(der), (bytes) => {
        expect(codeOf(() => readKeyPair(toPem('ENCRYPTED PRIVATE KEY', bytes)))).toMatch(
          /^CA_(KEY|PASSPHRASE)/,
        );
      }),
    );
  });
});
