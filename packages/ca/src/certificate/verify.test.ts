import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { QUICK_TYPES, NOW, makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import {
  ALGORITHM,
  CLIENT_EXTENSIONS,
  CLIENT_USE,
  KEY_IDS,
  LATER,
  SIGNATURE_USE,
  oddCertificate,
} from '../../testing/odd-certificate.ts';
import type { OddFields } from '../../testing/odd-certificate.ts';
import { ODD_CLIENTS, makeOdd } from '../../testing/odd-clients.ts';
import {
  bitString,
  boolean,
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
import { TAG, contextTag } from '../der/tag.ts';
import { generateKeyPair } from '../keys/key-pair.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { encodeName } from './distinguished-name.ts';
import { caConstraints, extKeyUsage, extension, keyUsage, subjectKeyIdentifier } from './extensions.ts';
import { verifyCertificate } from './verify.ts';
import type { VerifyOptions } from './verify.ts';

const authority = makeAuthority();
const client = makeLeaf(authority);
const server = makeLeaf(authority, { kind: 'server' });
const good = { roots: [authority.certificate], purpose: 'client', now: NOW } as const;

function problemsOf(certificate: Certificate, options: Partial<VerifyOptions> = {}): string[] {
  return verifyCertificate(certificate, { ...good, ...options }).map(({ problem }) => problem);
}

const CA_EXTENSIONS = [caConstraints(), keyUsage(['keyCertSign'])];
const COMPRESSED = compressed(sharedKey('ec-p256').publicKey);

function oddCa(more: readonly Der[] = []): Certificate {
  return readCertificate(
    oddCertificate({ subject: encodeName('Test CA'), extensions: [...CA_EXTENSIONS, ...more] }),
  );
}

/** A client's certificate that `oddCa` has signed. */
function signedByOddCa(fields: OddFields = {}): Certificate {
  return readCertificate(oddCertificate({ ...fields, signer: sharedKey('ec-p256') }));
}

function withName(name: Der): OddFields {
  return { extensions: [...CLIENT_EXTENSIONS, extension('subjectAltName', sequence(name))] };
}

/** One of those that nobody knows: 1.2.840 and two numbers more. */
function unknownExtension(at: number): Der {
  const arcs = Buffer.of(0x2a, 0x86, 0x48, 0x81 + (at >> 14), 0x80 | ((at >> 7) & 0x7f), at & 0x7f);
  return sequence(tagged(TAG.oid, arcs), octetString(Buffer.alloc(0)));
}

function foreignKey(namedCurve: string): Buffer {
  return generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'der', type: 'spki' });
}

/** The same point by its x alone (SEC 1 section 2.3.3). */
function compressed(spki: Buffer): Buffer {
  const sign = Buffer.of(2 + ((spki.at(-1) ?? 0) & 1));
  const algorithm = sequence(oid('ecPublicKey'), oid('secp256r1'));
  return encode(sequence(algorithm, bitString(Buffer.concat([sign, spki.subarray(27, 59)]))));
}

function withoutParameters(spki: Buffer): Buffer {
  return encode(sequence(sequence(oid('rsaEncryption')), bitString(readPublicKey(spki).bits)));
}

describe('verifyCertificate', () => {
  test.each(QUICK_TYPES)('accepts a client and a server of a %s CA', (type) => {
    const ca = makeAuthority({ keyPair: sharedKey(type) });
    const roots = [ca.certificate];
    expect(problemsOf(makeLeaf(ca), { roots })).toEqual([]);
    expect(problemsOf(makeLeaf(ca, { kind: 'server' }), { roots, purpose: 'server' })).toEqual([]);
  });

  test('refuses each in the role of the other', () => {
    expect(problemsOf(server)).toEqual(['purpose']);
    expect(problemsOf(client, { purpose: 'server' })).toEqual(['purpose']);
  });

  test.each([
    ['2025-12-31T23:54:59Z', ['not-yet-valid', 'issuer-not-yet-valid']],
    ['2025-12-31T23:55:00Z', []],
    ['2027-01-01T00:00:00.999Z', []],
    ['2027-01-01T00:00:01Z', ['expired']],
    ['2040-01-01T00:00:00Z', ['expired', 'issuer-expired']],
  ])('at %s it finds %j', (now, problems) => {
    expect(problemsOf(client, { now: new Date(now) })).toEqual(problems);
  });

  test('refuses what a foreign CA has signed', () => {
    expect(problemsOf(makeLeaf(makeAuthority({ name: 'Foreign CA' })))).toEqual(['unknown-issuer']);
  });

  test('refuses what a foreign CA of the same name has signed', () => {
    expect(problemsOf(makeLeaf(makeAuthority()))).toEqual(['signature']);
  });

  test('finds the right one of two roots with one name', () => {
    const other = makeAuthority();
    const roots = [other.certificate, authority.certificate];
    expect(problemsOf(client, { roots })).toEqual([]);
  });

  test('takes the good one of two certificates of the same CA key, whichever comes first', () => {
    const keyPair = sharedKey('ec-p256');
    const old = makeAuthority({ keyPair, now: new Date('2010-01-01T00:00:00Z') }).certificate;
    const renewed = makeAuthority({ keyPair });
    const leaf = makeLeaf(renewed);
    expect(problemsOf(leaf, { roots: [old, renewed.certificate] })).toEqual([]);
    expect(problemsOf(leaf, { roots: [renewed.certificate, old] })).toEqual([]);
    expect(problemsOf(leaf, { roots: [old] })).toEqual(['issuer-expired']);
  });

  test('tries no more than a hundred CAs of one name, those first whose key the certificate names', () => {
    const others = Array.from({ length: 100 }, () => makeAuthority().certificate);
    const roots = [...others, oddCa([subjectKeyIdentifier(Buffer.alloc(20, 2))])];
    expect(problemsOf(signedByOddCa(), { roots })).toEqual([]);
    const unnamed = signedByOddCa({ extensions: [SIGNATURE_USE, CLIENT_USE] });
    expect(problemsOf(unnamed, { roots: roots.slice(1) })).toEqual([]);
    expect(problemsOf(unnamed, { roots })).toEqual(['signature']);
  });

  test('finds among extensions without number that one is there twice', () => {
    const many = Array.from({ length: 30_000 }, (_, at) => unknownExtension(at));
    const roots = [oddCa()];
    expect(problemsOf(signedByOddCa({ extensions: [CLIENT_USE, ...many] }), { roots })).toEqual([]);
    const twice = { extensions: [CLIENT_USE, ...many, unknownExtension(0)] };
    expect(problemsOf(signedByOddCa(twice), { roots })).toEqual(['malformed']);
  });

  test('trusts nobody without roots', () => {
    expect(problemsOf(client, { roots: [] })).toEqual(['unknown-issuer']);
  });

  test('refuses a changed certificate', () => {
    const at = client.der.indexOf('alice');
    const changed = Buffer.from(client.der);
    changed.write('mario', at);
    expect(problemsOf(readCertificate(changed))).toEqual(['signature']);
  });

  test('takes one that is trusted itself, as far as it is good otherwise', () => {
    expect(problemsOf(client, { roots: [client] })).toEqual([]);
    expect(problemsOf(server, { roots: [server] })).toEqual(['purpose']);
  });

  test('refuses a CA as a leaf', () => {
    expect(problemsOf(authority.certificate)).toEqual(['is-a-ca']);
  });

  test('refuses a leaf as a CA', () => {
    const keyPair = generateKeyPair('ec-p256');
    const leaf = makeLeaf(authority, { keyPair, commonName: 'mallory' });
    const forged = makeLeaf(makeAuthority({ name: 'mallory', keyPair }));
    expect(problemsOf(forged, { roots: [leaf] })).toEqual(['issuer-not-a-ca']);
  });

  test('refuses one as a CA that may sign, but does not say CA:TRUE', () => {
    const signs = extension('keyUsage', bitString(Buffer.of(0x04), 2), true);
    const odd = readCertificate(oddCertificate({ extensions: [signs, ...KEY_IDS] }));
    const forged = makeLeaf(makeAuthority({ name: 'alice', keyPair: sharedKey('ec-p256') }));
    expect(problemsOf(forged, { roots: [odd] })).toEqual(['issuer-not-a-ca']);
  });

  test('refuses a CA whose key may not sign certificates', () => {
    const extensions = [caConstraints(), keyUsage(['cRLSign'])];
    const ca = readCertificate(oddCertificate({ subject: encodeName('Test CA'), extensions }));
    expect(problemsOf(signedByOddCa(), { roots: [ca] })).toEqual(['issuer-not-a-ca']);
  });

  test('takes a CA whose certificate says nothing of what its key may do', () => {
    const ca = readCertificate(
      oddCertificate({ subject: encodeName('Test CA'), extensions: [caConstraints()] }),
    );
    expect(problemsOf(signedByOddCa(), { roots: [ca] })).toEqual([]);
  });

  test('refuses a CA with a critical extension that it does not obey', () => {
    const ca = oddCa([extension('cRLNumber', boolean(true), true)]);
    expect(problemsOf(signedByOddCa(), { roots: [ca] })).toEqual(['critical-extension']);
  });

  test('refuses a weak signature', () => {
    const weak = { algorithm: sequence(oid('ecdsa-with-SHA1')), digest: 'sha1' };
    expect(problemsOf(signedByOddCa(weak), { roots: [oddCa()] })).toEqual(['weak-signature']);
  });

  test('refuses a critical extension that it does not obey', () => {
    const odd = readCertificate(
      oddCertificate({ extensions: [...CLIENT_EXTENSIONS, extension('cRLNumber', boolean(true), true)] }),
    );
    expect(problemsOf(odd)).toEqual(['critical-extension', 'signature']);
  });

  test('refuses a client of a CA that is for servers alone', () => {
    const ca = oddCa([extKeyUsage(['serverAuth'])]);
    expect(problemsOf(signedByOddCa(), { roots: [ca] })).toEqual(['issuer-purpose']);
    const both = oddCa([extKeyUsage(['serverAuth', 'clientAuth'])]);
    expect(problemsOf(signedByOddCa(), { roots: [both] })).toEqual([]);
  });

  test.each([
    ['RSA', sequence(oid('sha256WithRSAEncryption'), nullValue())],
    ['Ed25519', sequence(oid('ed25519'))],
  ])('refuses the signature of an EC key that is called one of %s', (_, algorithm) => {
    expect(problemsOf(signedByOddCa({ algorithm }), { roots: [oddCa()] })).toEqual(['signature']);
  });

  // Each of them Go's crypto/x509 does not even read.
  test.each<[string, OddFields]>([
    ['two signature algorithms', { algorithm: sequence(oid('ecdsa-with-SHA384')), outer: ALGORITHM }],
    ['an extension twice', { extensions: [extKeyUsage(['serverAuth']), CLIENT_USE] }],
    ['an address of three octets', withName(tagged(contextTag(7), Buffer.of(10, 0, 0)))],
    ['a host name that is not ASCII', withName(tagged(contextTag(2), Buffer.from('b\u00fccher', 'latin1')))],
    ['a key on a curve that Go lacks', { publicKey: foreignKey('secp256k1') }],
    ['a key with a compressed point', { publicKey: COMPRESSED }],
    ['an RSA key without parameters', { publicKey: withoutParameters(sharedKey('rsa-2048').publicKey) }],
    ['a version that there is not', { version: explicit(0, integerOf(3)) }],
  ])('refuses %s', (_, fields) => {
    expect(problemsOf(signedByOddCa(fields), { roots: [oddCa()] })).toEqual(['malformed']);
  });

  test.each(['secp224r1', 'secp521r1'])('accepts a key on %s, which Go has and we make none of', (curve) => {
    const publicKey = foreignKey(curve);
    expect(problemsOf(signedByOddCa({ publicKey }), { roots: [oddCa()] })).toEqual([]);
  });

  test('refuses a CA that Go does not read', () => {
    const ca = oddCa([extKeyUsage(['clientAuth']), extKeyUsage(['clientAuth'])]);
    expect(problemsOf(signedByOddCa(), { roots: [ca] })).toEqual(['malformed']);
  });

  test.each(ODD_CLIENTS)('$what: finds $problem', (row) => {
    const { ca, client: odd } = makeOdd(row, 'Test CA', [NOW, LATER]);
    expect(problemsOf(odd, { roots: [ca] })).toEqual(row.problem === undefined ? [] : [row.problem]);
  });

  test('says in words what is wrong', () => {
    expect(verifyCertificate(server, good)).toEqual([
      { problem: 'purpose', message: 'it is for serverAuth, not for clientAuth' },
    ]);
  });
});
