import { createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeAuthority } from '../../testing/fixtures.ts';
import { keyPublishedIn } from '../keys/published-key.ts';
import { lintCertificate } from './lint.ts';
import { publishedFindings } from './published.ts';

/** The P-256 test key of RFC 9500, section 2.3. */
const TEST_KEY = createPublicKey({
  key: {
    kty: 'EC',
    crv: 'P-256',
    x: 'QiVI-I-3gv-17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE',
    y: 'bEzRDEy41bihcTnpSILImSVymTQl9BQZq36QpCpJQnI',
  },
  format: 'jwk',
}).export({ type: 'spki', format: 'der' });

test('a certificate with a published key is an error, and names where the key is published', () => {
  expect(publishedFindings(TEST_KEY)).toEqual([
    expect.objectContaining({
      rule: 'private-key-published',
      severity: 'error',
      message: expect.stringContaining('RFC 9500'),
    }),
  ]);
});

test('nothing is reported for other keys', () => {
  const { certificate } = makeAuthority();
  expect(keyPublishedIn(certificate.info.publicKey)).toBeUndefined();
  expect(lintCertificate(certificate.der)).toEqual([]);
});
