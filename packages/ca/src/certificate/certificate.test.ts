import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import { mutated } from '../../testing/mutations.ts';
import { KEY_IDS, oddCertificate } from '../../testing/odd-certificate.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { encode, implicit, integerOf, oid, raw, sequence, set, tagged } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { TAG } from '../der/tag.ts';
import { generateKeyPair } from '../keys/key-pair.ts';
import { lintCertificate } from '../lint/lint.ts';
import { isPair, readCertificate, readCertificates } from './certificate.ts';
import { extension } from './extensions.ts';

const authority = makeAuthority();
const leaf = makeLeaf(authority, { kind: 'server', sans: ['node1.example.com', '::1'] });

/** A subject with this common name. Put together by hand: forge writes a BMPString of its own making. */
function subjectOf(tag: number, content: Buffer): Buffer {
  return short(0x30, commonName(tag, content));
}

function commonName(tag: number, content: Buffer): Buffer {
  const attribute = short(0x30, Buffer.concat([encode(oid('commonName')), short(tag, content)]));
  return short(0x31, attribute);
}

function short(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

describe('readCertificate', () => {
  test.each([
    ['PEM', leaf.pem],
    ['PEM in a Buffer', Buffer.from(leaf.pem)],
    ['PEM after the text of openssl x509 -text', `Certificate:\n    Data: …\n${leaf.pem}`],
    ['PEM with CRLF', leaf.pem.replaceAll('\n', '\r\n')],
    ['DER', leaf.der],
  ])('reads %s', (_, text) => {
    expect(readCertificate(text)).toEqual(leaf);
  });

  test.each([
    { input: '', reason: 'it is empty' },
    { input: 'hello', reason: 'it is neither PEM nor DER' },
    { input: Buffer.from(`\ufeff${leaf.pem}`, 'utf16le'), reason: 'it is UTF-16 text, and PEM is ASCII' },
    { input: Buffer.from(leaf.pem, 'utf16le'), reason: 'it is UTF-16 text, and PEM is ASCII' },
    {
      input: Buffer.from(`\ufeff${leaf.pem}`),
      reason: 'a byte order mark (BOM) stands before its BEGIN line',
    },
    { input: leaf.pem.replaceAll('\n', '\r'), reason: 'its lines end in CR alone, not in LF' },
    {
      input: leaf.pem.replaceAll('\n', String.raw`\n`),
      reason: String.raw`its line ends are written as the two characters \n`,
    },
    { input: ` ${leaf.pem}`, reason: 'line 1: there is something before -----BEGIN' },
    {
      input: leaf.pem.replace('MII', 'M*I'),
      reason: 'line 1: a character that is not base64 among its lines',
    },
    { input: leaf.pem + leaf.pem, reason: 'there are 2 where one belongs' },
    {
      input: toPem('TRUSTED CERTIFICATE', leaf.der),
      reason: 'its PEM blocks are labelled "TRUSTED CERTIFICATE"',
    },
  ])('says in plain words: $reason', ({ input, reason }) => {
    expect(errorOf(() => readCertificate(input))?.message).toContain(`cannot be read: ${reason}`);
  });

  test.each([
    { why: 'nothing', input: '' },
    { why: 'other text', input: 'hello' },
    { why: 'two of them', input: leaf.pem + leaf.pem },
    { why: 'a key', input: toPem('PRIVATE KEY', Buffer.of(0x30, 0)) },
    { why: 'data after its end', input: Buffer.concat([leaf.der, Buffer.of(0)]) },
    { why: 'a missing last octet', input: leaf.der.subarray(0, -1) },
    { why: 'an empty sequence', input: Buffer.of(0x30, 0) },
    { why: 'PEM cut short', input: leaf.pem.slice(0, 100) },
    { why: 'UTF-16', input: Buffer.from(leaf.pem, 'utf16le') },
  ])('refuses $why', ({ input }) => {
    const error = errorOf(() => readCertificate(input));
    expect(error?.code).toBe('CA_CERTIFICATE_INVALID');
    expect(error?.hint).toContain('-----BEGIN CERTIFICATE-----');
  });

  test.each([
    {
      why: 'a subject that is not UTF-8',
      fields: { subject: subjectOf(TAG.utf8String, Buffer.of(0xff)) },
    },
    {
      why: 'half a BMPString character',
      fields: { subject: subjectOf(TAG.bmpString, Buffer.of(0)) },
    },
    { why: 'an empty RDN', fields: { subject: encode(sequence(set())) } },
    { why: 'a time that is a number', fields: { notAfter: integerOf(5) } },
    {
      why: 'a subjectAltName that is a number',
      fields: { extensions: [extension('subjectAltName', integerOf(1)), ...KEY_IDS] },
    },
    { why: 'an empty serial number', fields: { serial: tagged(TAG.integer, Buffer.alloc(0)) } },
  ])('refuses $why', ({ fields }) => {
    expect(codeOf(() => readCertificate(oddCertificate(fields)))).toBe('CA_CERTIFICATE_INVALID');
  });

  test('shows nothing that a terminal would act on', () => {
    const evil = 'a\u001b[2J\u202e, CN=root\n';
    const uri = implicit(6, Buffer.from('http://\u001b[2J'));
    const names = extension(
      'subjectAltName',
      sequence(implicit(2, Buffer.from('\u001b[2J')), uri, implicit(7, Buffer.of(1, 2, 3))),
    );
    const odd = oddCertificate({
      subject: subjectOf(TAG.utf8String, Buffer.from(evil)),
      extensions: [names],
    });
    const { subject, sans, otherNames } = readCertificate(odd).info;
    expect(subject.text).toBe(String.raw`CN=a\u{1b}[2J\u{202e}\, CN=root\u{a}`);
    expect(sans).toEqual([{ kind: 'dns', value: String.raw`\u{1b}[2J` }]);
    expect(otherNames).toEqual([String.raw`URI:http://\u{1b}[2J`, 'IP:010203']);
  });

  test('takes the last of several common names, as the engine does for its user', () => {
    const names = ['alice', 'root'].map((name) => commonName(TAG.utf8String, Buffer.from(name)));
    const subject = short(0x30, Buffer.concat(names));
    expect(readCertificate(oddCertificate({ subject })).info.subject).toMatchObject({
      commonName: 'root',
      text: 'CN=alice, CN=root',
    });
  });

  test.each([
    ['PrintableString', TAG.printableString, Buffer.from('Node')],
    ['BMPString', TAG.bmpString, Buffer.from('\0N\0o\0d\0e', 'latin1')],
    ['T61String', TAG.teletexString, Buffer.from('Node')],
  ])('reads a name that is a %s', (_, tag, content) => {
    expect(
      readCertificate(oddCertificate({ subject: subjectOf(tag, content) })).info.subject.commonName,
    ).toBe('Node');
  });

  test.each([authority.certificate, leaf, makeLeaf(authority, { keyPair: sharedKey('ed25519') })])(
    'and lintCertificate throw a CaError alone, whatever they read',
    ({ der }) => {
      fc.assert(
        fc.property(mutated(der), (bytes) => {
          expect(['CA_CERTIFICATE_INVALID', undefined]).toContain(codeOf(() => readCertificate(bytes)));
          expect(['CA_CERTIFICATE_INVALID', undefined]).toContain(
            codeOf(() => lintCertificate(bytes, { issuer: authority.certificate })),
          );
        }),
        { numRuns: 1000 },
      );
    },
  );

  test('throws a CaError alone, whatever the PEM', () => {
    fc.assert(
      fc.property(mutated(Buffer.from(leaf.pem)), (bytes) => {
        expect(['CA_CERTIFICATE_INVALID', undefined]).toContain(codeOf(() => readCertificate(bytes)));
      }),
    );
  });
});

describe('readCertificates', () => {
  test('reads a bundle in order, comments and all', () => {
    const bundle = `# roots, newest first\n${authority.certificate.pem}\n# old\n${leaf.pem}`;
    expect(readCertificates(bundle)).toEqual([authority.certificate, leaf]);
  });

  test('ignores blocks that are no certificates, and reads DER', () => {
    expect(readCertificates(toPem('PRIVATE KEY', Buffer.of(0x30, 0)) + leaf.pem)).toEqual([leaf]);
    expect(readCertificates(leaf.der)).toEqual([leaf]);
  });

  test.each(['', '# none', toPem('PRIVATE KEY', Buffer.of(0x30, 0))])('refuses %j', (bundle) => {
    expect(codeOf(() => readCertificates(bundle))).toBe('CA_CERTIFICATE_INVALID');
  });
});

test('isPair tells the key of a certificate from others', () => {
  expect(isPair(leaf, sharedKey('ec-p256'))).toBe(true);
  expect(isPair(leaf, generateKeyPair('ec-p256'))).toBe(false);
});

test('an octet string may hold a raw element of any length', () => {
  const long = encode(sequence(tagged(TAG.octetString, Buffer.alloc(300))));
  expect(encode(raw(long))).toEqual(long);
});
