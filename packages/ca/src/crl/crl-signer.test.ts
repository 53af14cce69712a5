import { expect, test } from '@jest/globals';
import { makeAuthority, NOW, QUICK_TYPES, sharedKey } from '../../testing/fixtures.ts';
import { createCrl } from './create-crl.ts';
import { crlSigner } from './crl-signer.ts';
import { readCrl } from './read-crl.ts';

const keyPair = sharedKey('ec-p256');
const authority = makeAuthority({ keyPair });
const root = authority.certificate;
const order = { number: 1, thisUpdate: NOW, nextUpdate: new Date('2026-02-01T00:00:00Z'), revoked: [] };
const crl = readCrl(createCrl(authority, order).pem);

test.each(QUICK_TYPES)('a list is signed by the CA with the key %s that made it', (type) => {
  const ca = makeAuthority({ keyPair: sharedKey(type) });
  const list = readCrl(createCrl(ca, order).der);
  expect(crlSigner(list, [ca.certificate])).toBe(ca.certificate);
});

test('the signer is found among several CAs of the same name', () => {
  const other = makeAuthority({ keyPair: sharedKey('rsa-2048') }).certificate;
  expect(crlSigner(crl, [other, root])).toBe(root);
  expect(crlSigner(crl, [other])).toBeUndefined();
  expect(crlSigner(crl, [])).toBeUndefined();
});

test('the key alone is not enough: the name must be that of the CA', () => {
  const renamed = makeAuthority({ name: 'another name', keyPair }).certificate;
  expect(renamed.info.publicKey).toEqual(root.info.publicKey);
  expect(crlSigner(crl, [renamed])).toBeUndefined();
});

test('a list that was changed after it was signed has no signer', () => {
  const der = Buffer.from(crl.der);
  const at = der.indexOf(Buffer.from('260201000000Z'));
  der.write('270201000000Z', at, 'latin1');
  const changed = readCrl(der);
  expect(changed.nextUpdate).toEqual(new Date('2027-02-01T00:00:00Z'));
  expect(crlSigner(changed, [root])).toBeUndefined();
});
