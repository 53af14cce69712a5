import { describe, expect, test } from '@jest/globals';
import { QUICK_TYPES, NOW, makeAuthority, makeLeaf, sharedKey } from '../../testing/fixtures.ts';
import { CLIENT_EXTENSIONS, KEY_IDS, oddCertificate } from '../../testing/odd-certificate.ts';
import { bitString, boolean } from '../der/build.ts';
import { generateKeyPair } from '../keys/key-pair.ts';
import { readCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { extension } from './extensions.ts';
import { verifyCertificate } from './verify.ts';
import type { VerifyOptions } from './verify.ts';

const authority = makeAuthority();
const client = makeLeaf(authority);
const server = makeLeaf(authority, { kind: 'server' });
const good = { roots: [authority.certificate], purpose: 'client', now: NOW } as const;

function problemsOf(certificate: Certificate, options: Partial<VerifyOptions> = {}): string[] {
  return verifyCertificate(certificate, { ...good, ...options }).map(({ problem }) => problem);
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

  test('trusts nobody without roots', () => {
    expect(problemsOf(client, { roots: [] })).toEqual(['unknown-issuer']);
  });

  test('refuses a changed certificate', () => {
    const at = client.der.indexOf('alice');
    const changed = Buffer.from(client.der);
    changed.write('mario', at);
    expect(problemsOf(readCertificate(changed))).toEqual(['signature']);
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

  test('refuses a critical extension that it does not obey', () => {
    const odd = readCertificate(
      oddCertificate({ extensions: [...CLIENT_EXTENSIONS, extension('cRLNumber', boolean(true), true)] }),
    );
    expect(problemsOf(odd)).toEqual(['critical-extension', 'signature']);
  });

  test('says in words what is wrong', () => {
    expect(verifyCertificate(server, good)).toEqual([
      { problem: 'purpose', message: 'it is for serverAuth, not for clientAuth' },
    ]);
  });
});
