import { createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makeAuthority } from '../../testing/fixtures.ts';
import { keyPublishedIn } from '../keys/published-key.ts';
import { lintCertificate } from './lint.ts';
import { publishedFindings } from './published.ts';

/** Public keys of RFC 9500: RSA 4096 of section 2.1, P-256 of section 2.3. */
const TEST_KEYS = [
  {
    kty: 'RSA',
    e: 'AQAB',
    n:
      's4tJYOY75qjbqJqCl47x9jJE5Vd9jPWGFtXKV1nUnMjZNsM4qjy5sRHBSX5bUa9pLyYR5on3Z1SAwLD0w2VPQ6-F_oyK1zTgQqitoF_XZQjgC6D3' +
      'VsNEO76DPqfRANT7Nn7r1gvbZIZ3_H3rlCRNrRr47tHGWBLAPnxz9_NY6UG8ZkWP97uXpJqYoRgH4CwaO5rTOlc64YDh_0Mq5VgMycq_q2AvMlvN' +
      'oJfoe8em1040qH1gikP-suT_8fS452hqmEddtRpuvQgXKldBd0kkiyFVyLkG4NVA6Mso9MAK3J_kdYoaw2SrOeThVSiYVEQVP-7GrUxTSLLjj_VQ' +
      '9fpYM5eTNzDICIG_Ee7o_jhtW1EoSamDmUOr89lyIHaXuOwkEaJhnVXKBCM8WiztxvKG2CnQ6Dcge3ZSmqJEhyEmjcAVC7ewfnMxOnE-WJW6rzrf' +
      '-mA5WMVn-FzyWx2AondWow0aUKHkaY7amhIrsKp6YPfNImyxFlz8-cqDCmBswPsUh_JJ5eDHHIhibFcSgIHedsEjhLbUSLZ_DnEjru90qIWWA3R1' +
      'VIPykKfeZkZeInsrFzGPikkFKwFF-6KDdyvCmltYEqzO46tigXAZ5UgH8oiXEre48wO6X-FH-cLzQ0q3A8HZRnNDgqCjU_Tgy76iaku_Ic6eteed' +
      'R1fX3gJ_IOU',
  },
  {
    kty: 'EC',
    crv: 'P-256',
    x: 'QiVI-I-3gv-17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE',
    y: 'bEzRDEy41bihcTnpSILImSVymTQl9BQZq36QpCpJQnI',
  },
];

test.each(TEST_KEYS)(
  'a certificate with a published $kty key is an error, and names where the key is published',
  (key) => {
    const spki = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'der' });
    expect(publishedFindings(spki)).toEqual([
      expect.objectContaining({
        rule: 'private-key-published',
        severity: 'error',
        message: expect.stringContaining('RFC 9500'),
      }),
    ]);
  },
);

test('nothing is reported for other keys', () => {
  const { certificate } = makeAuthority();
  expect(keyPublishedIn(certificate.info.publicKey)).toBeUndefined();
  expect(lintCertificate(certificate.der)).toEqual([]);
});
