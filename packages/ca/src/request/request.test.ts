import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { QUICK_TYPES, sharedKey } from '../../testing/fixtures.ts';
import { mutated } from '../../testing/mutations.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { encodeName } from '../certificate/distinguished-name.ts';
import { extension, subjectAltName } from '../certificate/extensions.ts';
import {
  bitString,
  encode,
  implicit,
  implicitSequence,
  integerOf,
  nullValue,
  oid,
  raw,
  sequence,
  set,
  tagged,
} from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { toPem } from '../der/pem.ts';
import { TAG } from '../der/tag.ts';
import type { KeyPair } from '../keys/key-pair.ts';
import { parseSubjectAltName } from '../names/subject-alt-name.ts';
import { createCertificationRequest } from './create-request.ts';
import { readCertificationRequest } from './read-request.ts';

const key = sharedKey('ec-p256');
const sans = ['node1.example.com', '10.0.0.5', '::1'].map((text) => parseSubjectAltName(text));
const good = createCertificationRequest(key, { commonName: 'node1', sans });

type Parts = {
  readonly version?: number;
  readonly subject?: Buffer;
  readonly publicKey?: Buffer;
  readonly attributes?: readonly Der[];
  readonly algorithm?: Der;
  readonly digest?: string;
  readonly signWith?: KeyPair;
  readonly signature?: Buffer;
};

/** A request of any content with a good signature over it, or with the one that is given. */
function requestOf(parts: Parts): Buffer {
  const {
    version = 0,
    subject = encodeName('x'),
    publicKey = key.publicKey,
    attributes = [],
    signWith = key,
  } = parts;
  const { algorithm = sequence(oid('ecdsa-with-SHA256')), digest = 'sha256' } = parts;
  const info = encode(
    sequence(integerOf(version), raw(subject), raw(publicKey), implicitSequence(0, ...attributes)),
  );
  const signer = createPrivateKey({ key: signWith.privateKey, format: 'der', type: 'pkcs8' });
  const { signature = sign(digest, info, signer) } = parts;
  return encode(sequence(raw(info), algorithm, bitString(signature)));
}

function rsaPair(options: { modulusLength: number; publicExponent?: number }): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', options);
  const der = {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
  };
  return { type: 'rsa-2048', ...der };
}

function ecPair(namedCurve: string, paramEncoding: 'named' | 'explicit' = 'named'): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve, paramEncoding });
  const der = {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }),
  };
  return { type: 'ec-p256', ...der };
}

const RSA_SHA256 = sequence(oid('sha256WithRSAEncryption'), nullValue());
const weak = rsaPair({ modulusLength: 1024 });
const threes = rsaPair({ modulusLength: 2048, publicExponent: 3 });
const p521 = ecPair('P-521');
const spelledOut = ecPair('P-256', 'explicit');
const rsa = sharedKey('rsa-2048');
const wish = sequence(oid('extensionRequest'), set(sequence(subjectAltName(sans, false))));

describe('readCertificationRequest', () => {
  test.each(QUICK_TYPES)('reads what createCertificationRequest makes with a %s key', (type) => {
    const request = createCertificationRequest(sharedKey(type), { commonName: 'Žofie', sans });
    const expected = { publicKey: sharedKey(type).publicKey, keyType: type, subjectText: 'CN=Žofie', sans };
    expect(readCertificationRequest(request.der)).toEqual(expected);
    expect(readCertificationRequest(Buffer.from(request.pem))).toEqual(expected);
  });

  test.each([
    ['the label of old tools', good.pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
    ['text before it', `Certificate Request:\n  Data:\n${good.pem}`],
    ['CRLF', good.pem.replaceAll('\n', '\r\n')],
    ['blank lines after it', `${good.pem}\n\n`],
    ['text after it', `${good.pem}the end`],
    ['blanks at the ends of its lines', good.pem.replaceAll('\n', '  \n')],
    ['another block before it', toPem('EC PARAMETERS', Buffer.of(5, 0)) + good.pem],
  ])('reads one with %s', (_, pem) => {
    expect(readCertificationRequest(pem).keyType).toBe('ec-p256');
  });

  // RFC 4055 section 5 for signatures; in a key RFC 3279 section 2.3.1 demands it, and some tools leave it out.
  test.each([
    { where: 'its signature', algorithm: sequence(oid('sha256WithRSAEncryption')), publicKey: rsa.publicKey },
    { where: 'its key', algorithm: RSA_SHA256, publicKey: withoutNull(rsa.publicKey) },
  ])('reads one of an RSA key without NULL as the parameters of $where', ({ algorithm, publicKey }) => {
    const request = requestOf({ publicKey, signWith: rsa, algorithm });
    expect(readCertificationRequest(request)).toMatchObject({
      publicKey: rsa.publicKey,
      keyType: 'rsa-2048',
    });
  });

  test('refuses an RSA signature with other parameters than NULL', () => {
    const algorithm = sequence(oid('sha256WithRSAEncryption'), integerOf(1));
    const request = requestOf({ publicKey: rsa.publicKey, signWith: rsa, algorithm });
    expect(codeOf(() => readCertificationRequest(request))).toBe('CA_CSR_INVALID');
  });

  test.each([
    { request: requestOf({ version: 2 }), reason: 'its version is 2 instead of 0' },
    { request: Buffer.from(good.pem, 'utf16le'), reason: 'it is UTF-16 text, and PEM is ASCII' },
    { request: `${good.pem.trimEnd()} x`, reason: 'there is text after the END line' },
    { request: Buffer.concat([good.der, Buffer.of(0)]), reason: 'request: data after its end' },
    { request: toPem('CERTIFICATE', good.der), reason: 'its PEM blocks are labelled "CERTIFICATE"' },
  ])('says in plain words: $reason', ({ request, reason }) => {
    expect(errorOf(() => readCertificationRequest(request))?.message).toContain(reason);
  });

  test('reads one of a P-521 key', () => {
    const request = requestOf({ publicKey: p521.publicKey, signWith: p521 });
    expect(readCertificationRequest(request)).toMatchObject({
      publicKey: p521.publicKey,
      keyType: 'ec-p521',
    });
  });

  // What such a key has signed, by the identity for R and zero for S, OpenSSL finds good for one text in eight at least.
  test.each([
    ['1', `01${'00'.repeat(31)}`],
    ['1, with a sign', `01${'00'.repeat(30)}80`],
    ['p + 1', `ee${'ff'.repeat(30)}7f`],
    ['0', '00'.repeat(32)],
    ['-1', `ec${'ff'.repeat(30)}7f`],
    ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ])('refuses an Ed25519 key of small order: %s', (_, point) => {
    const publicKey = encode(sequence(sequence(oid('ed25519')), bitString(Buffer.from(point, 'hex'))));
    const nobodys = Buffer.from(`01${'00'.repeat(63)}`, 'hex');
    const codes = Array.from({ length: 64 }, (__, at) => {
      const parts = { publicKey, subject: encodeName(`node${at}`), algorithm: sequence(oid('ed25519')) };
      return codeOf(() => readCertificationRequest(requestOf({ ...parts, signature: nobodys })));
    });
    expect(new Set(codes)).toEqual(new Set(['CA_KEY_WEAK']));
  });

  test('keeps of the wished names what could be issued', () => {
    const names = [
      implicit(2, Buffer.from('Ok.example')),
      implicit(2, Buffer.from('a_b\u001b')),
      implicit(1, Buffer.from('a@b')),
    ];
    const list = extension('subjectAltName', sequence(...names));
    const request = requestOf({ attributes: [sequence(oid('extensionRequest'), set(sequence(list)))] });
    expect(readCertificationRequest(request).sans).toEqual([{ kind: 'dns', value: 'ok.example' }]);
  });

  test('shows no subject that a terminal would act on', () => {
    expect(readCertificationRequest(requestOf({ subject: encodeName('a\u001b[2J') })).subjectText).toBe(
      String.raw`CN=a\u{1b}[2J`,
    );
  });

  test.each([
    { why: 'signed with another key', request: requestOf({ signWith: sharedKey('ec-p384') }) },
    {
      why: 'changed after signing',
      request: Buffer.from(good.der.toString('latin1').replace('node1', 'nodeX'), 'latin1'),
    },
    {
      why: 'with an empty signature',
      request: encode(
        sequence(raw(infoOf(good.der)), sequence(oid('ecdsa-with-SHA256')), bitString(Buffer.alloc(0))),
      ),
    },
  ])('has no proof in one $why', ({ request }) => {
    expect(codeOf(() => readCertificationRequest(request))).toBe('CA_CSR_PROOF');
  });

  test.each([
    {
      why: 'RSA of 1024 bits',
      request: requestOf({ publicKey: weak.publicKey, signWith: weak, algorithm: RSA_SHA256 }),
    },
    {
      why: 'RSA with exponent 3',
      request: requestOf({ publicKey: threes.publicKey, signWith: threes, algorithm: RSA_SHA256 }),
    },
    { why: 'an EC key off its curve', request: requestOf({ publicKey: offCurve() }) },
  ])('calls $why weak', ({ request }) => {
    expect(codeOf(() => readCertificationRequest(request))).toBe('CA_KEY_WEAK');
  });

  test.each([
    { why: 'nothing', request: '' },
    { why: 'other text', request: 'hello' },
    { why: 'a certificate', request: good.pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE') },
    { why: 'two requests', request: good.pem + good.pem },
    { why: 'text on its last line', request: `${good.pem.trimEnd()} rm -rf /` },
    { why: 'PEM cut short', request: good.pem.slice(0, -30) },
    { why: 'DER cut short', request: good.der.subarray(0, -1) },
    { why: 'DER with more after it', request: Buffer.concat([good.der, Buffer.of(0)]) },
    { why: 'more than 64 KiB', request: Buffer.concat([Buffer.from(good.pem), Buffer.alloc(65_536, 0x20)]) },
    { why: 'version 1', request: requestOf({ version: 1 }) },
    {
      why: 'SHA-1',
      request: requestOf({
        publicKey: rsa.publicKey,
        signWith: rsa,
        digest: 'sha1',
        algorithm: sequence(oid('sha1WithRSAEncryption'), nullValue()),
      }),
    },
    { why: 'RSA-PSS', request: requestOf({ algorithm: sequence(oid('rsassa-pss')) }) },
    { why: 'an EC key with an RSA signature', request: requestOf({ signWith: rsa, algorithm: RSA_SHA256 }) },
    {
      why: 'explicit curve parameters',
      request: requestOf({ publicKey: spelledOut.publicKey, signWith: spelledOut }),
    },
    { why: 'two lists of extensions', request: requestOf({ attributes: [wish, wish] }) },
    {
      why: 'two values of one attribute',
      request: requestOf({ attributes: [sequence(oid('extensionRequest'), set(sequence(), sequence()))] }),
    },
    { why: 'an attribute that is a number', request: requestOf({ attributes: [integerOf(1)] }) },
    {
      why: 'two subjectAltNames',
      request: requestOf({
        attributes: [
          sequence(
            oid('extensionRequest'),
            set(sequence(subjectAltName(sans, false), subjectAltName(sans, true))),
          ),
        ],
      }),
    },
    {
      why: 'no attributes at all',
      request: encode(
        sequence(
          sequence(integerOf(0), raw(encodeName('x')), raw(key.publicKey)),
          sequence(oid('ecdsa-with-SHA256')),
          bitString(Buffer.alloc(70)),
        ),
      ),
    },
    {
      why: 'a subject that is not UTF-8',
      request: requestOf({
        subject: encode(sequence(set(sequence(oid('commonName'), tagged(TAG.utf8String, Buffer.of(0xff)))))),
      }),
    },
  ])('refuses $why', ({ request }) => {
    const error = errorOf(() => readCertificationRequest(request));
    expect(error?.code).toBe('CA_CSR_INVALID');
    expect(error?.hint).toContain('openssl req');
  });

  test.each([good.der, createCertificationRequest(rsa, { commonName: 'x', sans }).der])(
    'throws a CaError alone, whatever it reads, and takes no changed request',
    (der) => {
      fc.assert(
        fc.property(mutated(der), (bytes) => {
          const code = codeOf(() => readCertificationRequest(bytes));
          expect(code !== undefined || bytes.equals(der)).toBe(true);
        }),
        { numRuns: 1000 },
      );
    },
  );

  test('throws a CaError alone, whatever the PEM', () => {
    fc.assert(
      fc.property(mutated(Buffer.from(good.pem)), (bytes) => {
        const changed = codeOf(() => readCertificationRequest(bytes));
        expect(changed ?? 'CA_CSR_INVALID').toMatch(/^CA_(CSR|KEY)_/);
        expect(codeOf(() => readCertificationRequest(toPem('CERTIFICATE REQUEST', bytes)))).toBe(
          'CA_CSR_INVALID',
        );
      }),
    );
  });
});

function offCurve(): Buffer {
  const point = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]);
  return encode(sequence(sequence(oid('ecPublicKey'), oid('secp256r1')), bitString(point)));
}

/** The RSA key's SubjectPublicKeyInfo without the two octets of NULL. */
function withoutNull(spki: Buffer): Buffer {
  const bits = spki.subarray(24);
  return encode(sequence(sequence(oid('rsaEncryption')), bitString(bits)));
}

function infoOf(der: Buffer): Buffer {
  // SEQUENCE with a length of two octets around, and another inside.
  const start = 4;
  return der.subarray(start, start + 3 + der.readUInt8(start + 2));
}
