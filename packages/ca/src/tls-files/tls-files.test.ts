import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import { oddCertificate } from '../../testing/odd-certificate.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { explicit, integerOf } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { privateKeyToPem } from '../keys/key-pair.ts';
import { readLeaf } from './leaf.ts';
import { readTlsKey } from './tls-key.ts';
import { readTrustedRoots } from './trusted-roots.ts';

const authority = makeAuthority();
const root = authority.certificate;
const other = makeAuthority({ name: 'Another CA' }).certificate;
const leaf = makeLeaf(authority);
const damaged = toPem('CERTIFICATE', root.der.subarray(0, -1));
const withHeaders = root.pem.replace('-----\n', '-----\na: b\n\n');
const plain = privateKeyToPem(sharedKey('ec-p256'));

function encryptedAs(type: 'pkcs8' | 'sec1'): string {
  const options = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
  return createPrivateKey(plain)
    .export({ ...options, type })
    .toString();
}

describe('readTrustedRoots', () => {
  test.each([
    { what: 'several roots, each once', pem: root.pem + other.pem + root.pem, certificates: [root, other] },
    {
      what: 'what other blocks leave',
      pem: plain + root.pem + toPem('TRUSTED CERTIFICATE', other.der),
      certificates: [root],
    },
    {
      what: 'what blocks with headers leave',
      pem: withHeaders.replace('a: b', 'a:') + other.pem,
      certificates: [other],
    },
    {
      what: 'what a damaged block leaves',
      pem: root.pem.replace('MII', 'M*I') + other.pem,
      certificates: [other],
    },
  ])('finds $what', ({ pem, certificates }) => {
    expect(readTrustedRoots(pem)).toEqual({ certificates, unreadable: [] });
    expect(readTrustedRoots(Buffer.from(pem))).toEqual({ certificates, unreadable: [] });
  });

  test('reports each certificate that it cannot read, and those that Go does not read', () => {
    const ofVersion5 = oddCertificate({ version: explicit(0, integerOf(4)) });
    const { certificates, unreadable } = readTrustedRoots(
      damaged + root.pem + toPem('CERTIFICATE', ofVersion5),
    );
    expect(certificates).toEqual([root]);
    expect(unreadable).toEqual([
      'the certificate cannot be read: certificate: cut short',
      'a certificate that has the version 5',
    ]);
  });

  test.each([
    { what: 'nothing', pem: '', reason: 'it is empty' },
    { what: 'a byte order mark', pem: Buffer.from(`\ufeff${root.pem}`), reason: 'a byte order mark (BOM)' },
    { what: 'DER', pem: root.der, reason: 'it is neither PEM nor DER' },
    { what: 'a key', pem: plain, reason: 'labelled "PRIVATE KEY"' },
    { what: 'headers', pem: withHeaders, reason: 'have PEM headers' },
    { what: 'a damaged certificate', pem: damaged, reason: 'cut short' },
  ])('refuses a file of $what alone, with what docker and dockerd say', ({ pem, reason }) => {
    const error = errorOf(() => readTrustedRoots(pem));
    expect(error?.code).toBe('CA_CERTIFICATE_INVALID');
    expect(error?.message).toContain(reason);
    expect(error?.hint).toContain('failed to append certificates from PEM file');
  });
});

describe('readLeaf', () => {
  test('takes the first certificate, with headers too, and passes over other blocks', () => {
    expect(readLeaf(plain + leaf.pem + root.pem)).toEqual(leaf);
    expect(readLeaf(withHeaders + leaf.pem)).toEqual(root);
  });

  test.each([
    { what: 'no certificate', pem: plain },
    { what: 'a damaged one before a good one', pem: damaged + leaf.pem },
    {
      what: 'one with data after its end',
      pem: toPem('CERTIFICATE', Buffer.concat([leaf.der, Buffer.of(0)])),
    },
  ])('refuses $what', ({ pem }) => {
    expect(codeOf(() => readLeaf(pem))).toBe('CA_CERTIFICATE_INVALID');
  });
});

describe('readTlsKey', () => {
  const odd = plain.replace('-----\n', '-----\nDEK-Info: x\n\n');
  const parameters = toPem('EC PARAMETERS', Buffer.of(5, 0));

  test('takes the first key of a file that holds the certificate too', () => {
    expect(readTlsKey(leaf.pem + parameters + plain, 'docker')).toEqual(sharedKey('ec-p256'));
  });

  test('calls a key encrypted where docker does, because of the first block of the file, and dockerd does not', () => {
    expect(codeOf(() => readTlsKey(odd, 'docker'))).toBe('CA_KEY_ENCRYPTED');
    expect(readTlsKey(odd, 'dockerd')).toEqual(sharedKey('ec-p256'));
    expect(readTlsKey(parameters + odd, 'docker')).toEqual(sharedKey('ec-p256'));
  });

  test.each(['pkcs8', 'sec1'] as const)(
    'refuses an encrypted key (%s), with a plain one after it too',
    (type) => {
      for (const program of ['docker', 'dockerd'] as const)
        expect(codeOf(() => readTlsKey(encryptedAs(type) + plain, program))).toBe('CA_KEY_ENCRYPTED');
    },
  );

  test('refuses a file without a key', () => {
    expect(errorOf(() => readTlsKey(leaf.pem, 'docker'))?.message).toContain('labelled "CERTIFICATE"');
  });
});
