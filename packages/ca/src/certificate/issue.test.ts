import { X509Certificate, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { NOW, makeAuthority, makeLeaf, sharedKey, shippedProfile } from '../../testing/fixtures.ts';
import { oddCertificate } from '../../testing/odd-certificate.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { generateKeyPair } from '../keys/key-pair.ts';
import { readKeyPair } from '../keys/read-key.ts';
import { KEY_TYPES } from '../keys/key-type.ts';
import { lintCertificate } from '../lint/lint.ts';
import { parseClientName } from '../names/name.ts';
import { planValidity } from '../profile/validity.ts';
import { openAuthority } from './authority.ts';
import { readCertificate } from './certificate.ts';
import { caConstraints, keyUsage, subjectKeyIdentifier } from './extensions.ts';
import { issueCertificate } from './issue.ts';
import { parseCertificate } from './parse.ts';

const authority = makeAuthority();

test('a CA of a P-521 key signs for one, and OpenSSL agrees', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-521' });
  const keyPair = readKeyPair(String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  const ca = openAuthority(makeAuthority({ keyPair }).certificate, keyPair);
  const { der, info } = makeLeaf(ca, { keyPair });
  expect(new X509Certificate(der).verify(new X509Certificate(ca.certificate.der).publicKey)).toBe(true);
  expect(info).toMatchObject({ keyType: 'ec-p521', signatureAlgorithm: 'ecdsa-with-SHA512' });
  expect(lintCertificate(der, { issuer: ca.certificate })).toEqual([]);
});

describe.each(KEY_TYPES)('with a %s key', (type) => {
  const keyPair = sharedKey(type);
  const ca = makeAuthority({ keyPair });
  const root = new X509Certificate(ca.certificate.der);

  test('the CA signs itself, and OpenSSL agrees', () => {
    expect(root.verify(root.publicKey)).toBe(true);
    expect(root.ca).toBe(true);
    expect(lintCertificate(ca.certificate.der, { issuer: ca.certificate })).toEqual([]);
  });

  test.each(['server', 'client'] as const)('a %s certificate round-trips through OpenSSL', (kind) => {
    const { der, info } = makeLeaf(ca, { kind, keyPair });
    const leaf = new X509Certificate(der);
    expect(leaf.verify(root.publicKey)).toBe(true);
    expect(leaf.checkIssued(root)).toBe(true);
    expect(
      leaf.checkPrivateKey(createPrivateKey({ key: keyPair.privateKey, format: 'der', type: 'pkcs8' })),
    ).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(info).toMatchObject({
      serial: leaf.serialNumber.toLowerCase(),
      fingerprint: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      keyType: type,
      notBefore: new Date(leaf.validFrom),
      notAfter: new Date(leaf.validTo),
    });
    expect(info.publicKey).toEqual(
      createPublicKey(leaf.publicKey.export({ format: 'pem', type: 'spki' })).export({
        format: 'der',
        type: 'spki',
      }),
    );
    expect(lintCertificate(der, { issuer: ca.certificate })).toEqual([]);
  });

  test('only an RSA server may encipher keys', () => {
    const { info } = makeLeaf(ca, { kind: 'server', keyPair });
    expect(info.keyUsage).toEqual(
      type.startsWith('rsa-') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'],
    );
    expect(makeLeaf(ca, { kind: 'client', keyPair }).info.keyUsage).toEqual(['digitalSignature']);
  });
});

test('a CA says what it is and for how long', () => {
  expect(makeAuthority({ name: 'Bücher CA ✓' }).certificate.info).toMatchObject({
    subject: { commonName: 'Bücher CA ✓', organizationalUnits: [], text: 'CN=Bücher CA ✓' },
    issuer: { commonName: 'Bücher CA ✓' },
    notBefore: new Date('2025-12-31T23:55:00Z'),
    notAfter: new Date('2035-12-30T00:00:00Z'),
    isCa: true,
    pathLength: 0,
    keyUsage: ['keyCertSign', 'cRLSign'],
    extKeyUsage: [],
    authorityKeyId: undefined,
    selfSigned: true,
  });
});

test('a client says its name and its groups, and stands for no host', () => {
  expect(makeLeaf(authority, { commonName: 'Žofie', groups: ['ops', 'dev'] }).info).toMatchObject({
    subject: { commonName: 'Žofie', organizationalUnits: ['ops', 'dev'], text: 'CN=Žofie, OU=ops, OU=dev' },
    issuer: authority.certificate.info.subject,
    extKeyUsage: ['clientAuth'],
    sans: [],
    isCa: false,
    pathLength: undefined,
    authorityKeyId: authority.certificate.info.keyId,
    selfSigned: false,
  });
});

test('a server says its hosts and addresses', () => {
  const sans = ['node1.example.com', 'bücher.example', '*.example.com', '10.0.0.5', '2001:db8::5'];
  const { der, info } = makeLeaf(authority, { kind: 'server', sans });
  expect(info.extKeyUsage).toEqual(['serverAuth']);
  expect(info.sans.map(({ value }) => value)).toEqual([
    'node1.example.com',
    'xn--bcher-kva.example',
    ...sans.slice(2),
  ]);
  const leaf = new X509Certificate(der);
  const found = ['node1.example.com', 'xn--bcher-kva.example', 'any.example.com'].map((name) =>
    leaf.checkHost(name),
  );
  expect(found).not.toContain(undefined);
  expect([leaf.checkIP('10.0.0.5'), leaf.checkIP('2001:db8::5')]).toEqual(['10.0.0.5', '2001:db8::5']);
  expect(leaf.checkHost('other.example.org')).toBeUndefined();
});

test('a server whose name is too long for a subject has it in a critical subjectAltName alone', () => {
  const name = `${'a'.repeat(60)}.example.com`;
  const { der, info } = makeLeaf(authority, { kind: 'server', commonName: name, sans: [name] });
  expect(info.subject).toEqual({ organizationalUnits: [], text: '' });
  const names = parseCertificate(der).tbs.extensions.find(
    ({ name: extension }) => extension === 'subjectAltName',
  );
  expect(names?.critical).toBe(true);
  expect(new X509Certificate(der).checkHost(name)).toBe(name);
});

test('a name of 64 characters, of four octets each in UTF-16, stays in the subject', () => {
  const name = parseClientName('ü'.repeat(64));
  expect(makeLeaf(authority, { commonName: name }).info.subject.commonName).toBe(name);
});

test('the issuer is the subject of the CA, octet for octet', () => {
  // A PrintableString, as OpenSSL would have written it, where we would write a UTF8String.
  const own = makeAuthority({ name: 'Test CA' });
  const { tbs } = parseCertificate(own.certificate.der);
  const printable = Buffer.from(
    own.certificate.der.toString('hex').replaceAll('0c0754657374204341', '130754657374204341'),
    'hex',
  );
  const foreign = {
    ...own,
    signer: { ...own.signer, issuer: undefined, issuerName: parseCertificate(printable).tbs.subject.der },
  };
  const leaf = parseCertificate(makeLeaf(foreign).der);
  expect(leaf.tbs.issuer.der).toEqual(parseCertificate(printable).tbs.subject.der);
  expect(leaf.tbs.issuer.der).not.toEqual(tbs.subject.der);
});

test('nothing that breaks a rule is signed', () => {
  let signatures = 0;
  const { signer } = authority;
  const watched = {
    ...authority,
    signer: { ...signer, sign: (bytes: Buffer) => (signatures++, signer.sign(bytes)) },
  };
  const error = errorOf(() => makeLeaf(watched, { kind: 'server', sans: [] }));
  expect(error?.code).toBe('CA_LINT');
  expect(error?.message).toContain('server-without-names');
  expect(signatures).toBe(0);
});

test.each([
  { why: 'outlives its CA', validity: { notBefore: NOW, notAfter: new Date('2040-01-01T00:00:00Z') } },
  { why: 'begins before its CA', validity: { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: NOW } },
  { why: 'ends before it begins', validity: { notBefore: NOW, notAfter: new Date('2025-12-31T23:59:00Z') } },
])('a certificate that $why is not signed', ({ validity }) => {
  const request = {
    profile: shippedProfile('client'),
    commonName: 'alice',
    sans: [],
    publicKey: sharedKey('ec-p256').publicKey,
  };
  expect(codeOf(() => issueCertificate(authority, { ...request, validity }))).toBe('CA_LINT');
});

test('an Authority shows no key, however it is printed', () => {
  const scalar = sharedKey('ec-p256').privateKey.subarray(36, 68);
  const ca = makeAuthority({ keyPair: sharedKey('ec-p256') });
  const shown = JSON.stringify(ca, (_, value: unknown) =>
    typeof value === 'function' ? String(value) : value,
  );
  expect(shown).not.toContain(scalar.toString('hex'));
  expect(shown).not.toContain(JSON.stringify(scalar).slice(0, 60));
});

describe('serial numbers', () => {
  const serials = Array.from({ length: 2000 }, () => makeLeaf(authority).info.serial);

  test('are positive, of 16 octets, and differ', () => {
    expect(serials.every((serial) => /^[4-7][0-9a-f]{31}$/.test(serial))).toBe(true);
    expect(new Set(serials).size).toBe(serials.length);
  });

  test('have 126 bits that are one as often as zero', () => {
    const ones = Array.from(
      { length: 128 },
      (_, bit) => serials.filter((serial) => (BigInt(`0x${serial}`) >> BigInt(bit)) & 1n).length,
    );
    expect(ones.slice(126)).toEqual([2000, 0]);
    // Six standard deviations: one run in a billion is wrong by chance.
    for (const count of ones.slice(0, 126)) expect(Math.abs(count - 1000)).toBeLessThan(135);
  });
});

test('dates survive the turn from 2049 to 2050', () => {
  const around = {
    min: new Date('2045-01-01T00:00:00Z'),
    max: new Date('2055-01-01T00:00:00Z'),
    noInvalidDate: true,
  };
  fc.assert(
    fc.property(fc.date(around), fc.integer({ min: 60, max: 9 * 365 * 86_400 }), (now, lifetime) => {
      const ca = makeAuthority({ now });
      const profile = shippedProfile('client');
      const validity = planValidity({ profile, lifetime, issuer: ca.certificate, now });
      const { publicKey } = sharedKey('ec-p256');
      const leaf = issueCertificate(ca, { profile, commonName: 'alice', sans: [], publicKey, validity });
      const { validFrom, validTo } = new X509Certificate(leaf.der);
      expect([new Date(validFrom), new Date(validTo)]).toEqual([validity.notBefore, validity.notAfter]);
      expect(lintCertificate(leaf.der, { issuer: ca.certificate })).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('every name that is accepted comes back from the certificate', () => {
  const letters = fc.string({
    unit: fc.constantFrom('a', 'Z', 'ü', 'o\u0308', '会', 'नि', '7', '.', '-', '@', '_', '𠀀'),
    minLength: 1,
    maxLength: 64,
  });
  fc.assert(
    fc.property(letters, (text) => {
      if (codeOf(() => parseClientName(text)) !== undefined) return;
      const name = parseClientName(text);
      const { der } = makeLeaf(authority, { commonName: name, groups: [name] });
      expect(readCertificate(der).info.subject).toMatchObject({
        commonName: name,
        organizationalUnits: [name],
      });
    }),
  );
});

describe('openAuthority', () => {
  const keyPair = generateKeyPair('ec-p256');
  const made = makeAuthority({ keyPair });

  test('goes on where createAuthority began', () => {
    const opened = openAuthority(readCertificate(made.certificate.pem), keyPair);
    const leaf = new X509Certificate(makeLeaf(opened).der);
    expect(leaf.verify(new X509Certificate(made.certificate.der).publicKey)).toBe(true);
  });

  test("refuses another CA's key", () => {
    expect(codeOf(() => openAuthority(made.certificate, generateKeyPair('ec-p256')))).toBe(
      'CA_PAIR_MISMATCH',
    );
  });

  test("refuses a client's certificate", () => {
    const leaf = makeLeaf(made, { keyPair });
    expect(codeOf(() => openAuthority(leaf, keyPair))).toBe('CA_NOT_A_CA');
  });

  const keyId = subjectKeyIdentifier(Buffer.alloc(20, 7));
  test.each([
    { why: 'that does not say CA:TRUE', extensions: [keyUsage(['keyCertSign']), keyId] },
    {
      why: 'whose key may not sign certificates',
      extensions: [caConstraints(), keyUsage(['cRLSign']), keyId],
    },
    { why: 'without a key identifier', extensions: [caConstraints(), keyUsage(['keyCertSign'])] },
  ])('refuses one $why', ({ extensions }) => {
    const odd = readCertificate(oddCertificate({ publicKey: keyPair.publicKey, extensions }));
    expect(codeOf(() => openAuthority(odd, keyPair))).toBe('CA_NOT_A_CA');
  });

  test("signs in the name and with the key identifier of somebody else's CA, octet for octet", () => {
    // Neither a UTF8String nor an identifier that we would make.
    const subject = Buffer.from('300d310b3009060355040313024341', 'hex');
    const extensions = [caConstraints(), keyUsage(['keyCertSign']), keyId];
    const odd = readCertificate(oddCertificate({ publicKey: keyPair.publicKey, subject, extensions }));
    const { der, info } = makeLeaf(openAuthority(odd, keyPair));
    expect(parseCertificate(der).tbs.issuer.der).toEqual(subject);
    expect(info.authorityKeyId).toBe('07'.repeat(20));
  });
});
