import { createECDH, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sharedKey } from '../../testing/fixtures.ts';
import { CURVES, ecPkcs8, ecSpki, readEcPkcs8 } from './ec-frame.ts';
import type { EcKeyType } from './ec-frame.ts';
import { generateKeyPair, privateKeyToPem } from './key-pair.ts';
import { KEY_TYPES } from './key-type.ts';

const EC_TYPES: readonly EcKeyType[] = ['ec-p256', 'ec-p384'];

describe.each(KEY_TYPES)('a generated %s key', (type) => {
  test('is exactly what OpenSSL would write', () => {
    const { privateKey, publicKey } = sharedKey(type);
    const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
    expect(key.export({ format: 'der', type: 'pkcs8' })).toEqual(privateKey);
    expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(publicKey);
  });

  test('signs, and its public half verifies', () => {
    const { privateKey, publicKey } = sharedKey(type);
    const digest = type === 'ed25519' ? null : 'sha256';
    const data = Buffer.from('data');
    const signature = sign(digest, data, { key: privateKey, format: 'der', type: 'pkcs8' });
    expect(verify(digest, data, { key: publicKey, format: 'der', type: 'spki' }, signature)).toBe(true);
  });

  test('is PKCS#8 PEM as OpenSSL writes it', () => {
    const pem = privateKeyToPem(sharedKey(type));
    expect(createPrivateKey(pem).export({ format: 'pem', type: 'pkcs8' })).toBe(pem);
  });
});

test.each(EC_TYPES)('a %s scalar with leading zero octets keeps its length', (type) => {
  const ecdh = createECDH(CURVES[type].node);
  ecdh.setPrivateKey(Buffer.from('0102030405', 'hex'));
  expect(ecdh.getPrivateKey().length).toBeLessThan(CURVES[type].scalarLength);
  const der = ecPkcs8(type, ecdh.getPrivateKey(), ecdh.getPublicKey());
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  expect(key.export({ format: 'der', type: 'pkcs8' })).toEqual(der);
  expect(createPublicKey(key).export({ format: 'der', type: 'spki' })).toEqual(
    ecSpki(type, ecdh.getPublicKey()),
  );
});

test.each(EC_TYPES)('takes apart a %s key, whole and exact', (type) => {
  const { privateKey, publicKey } = sharedKey(type);
  const { scalarLength } = CURVES[type];
  const ec = readEcPkcs8(privateKey);
  expect(ec).toMatchObject({ type, scalar: expect.objectContaining({ length: scalarLength }) });
  expect(ecSpki(type, ec?.point ?? Buffer.of())).toEqual(publicKey);
  for (const other of [privateKey.subarray(0, -1), Buffer.concat([privateKey, Buffer.of(0)]), publicKey])
    expect(readEcPkcs8(other)).toBeUndefined();
  for (const at of [0, 20, privateKey.length - 2 * scalarLength - 2])
    expect(readEcPkcs8(flipped(privateKey, at))).toBeUndefined();
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

test('no two keys are the same', () => {
  const keys = Array.from({ length: 50 }, () => generateKeyPair('ec-p256').privateKey.toString('hex'));
  expect(new Set(keys).size).toBe(50);
});
