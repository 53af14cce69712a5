import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { QUICK_TYPES, NOW, makeAuthority, sharedKey } from '../../testing/fixtures.ts';
import { mutated } from '../../testing/mutations.ts';
import { codeOf } from '../../testing/throws.ts';
import { isSignedBy } from '../certificate/signed-by.ts';
import { parseCertificate } from '../certificate/parse.ts';
import { extension } from '../certificate/extensions.ts';
import { bitString, encode, explicit, integerOf, oid, raw, sequence } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { time } from '../der/time.ts';
import { DerReader, readSequence, wholeOctets } from '../der/read.ts';
import { TAG } from '../der/tag.ts';
import { readAlgorithm } from '../certificate/signature-algorithm.ts';
import { createCrl } from './create-crl.ts';
import type { RevokedCertificate } from './create-crl.ts';
import { readCrl } from './read-crl.ts';
import { REASON_CODES } from './reason.ts';
import type { RevocationReason } from './reason.ts';

const authority = makeAuthority();
const NEXT = new Date('2026-01-08T00:00:00Z');
const dates = { thisUpdate: NOW, nextUpdate: NEXT };
const revoked: readonly RevokedCertificate[] = [
  { serial: '4f00', revokedAt: NOW },
  { serial: 'ff01', revokedAt: new Date('2025-12-01T00:00:00Z'), reason: 'keyCompromise' },
  { serial: '1', revokedAt: NOW, reason: 'superseded' },
];
const full = createCrl(authority, { number: 7, ...dates, revoked });

describe('createCrl', () => {
  test('says what readCrl reads', () => {
    expect(readCrl(full.pem)).toEqual({
      der: full.der,
      issuer: authority.certificate.info.subject,
      thisUpdate: NOW,
      nextUpdate: NEXT,
      number: 7n,
      authorityKeyId: authority.certificate.info.keyId,
      revoked: revoked.map((entry) => ({ ...entry, serial: entry.serial.padStart(2, '0') })),
    });
    expect(readCrl(full.der)).toEqual(readCrl(full.pem));
  });

  test.each(QUICK_TYPES)('is signed by a %s key', (type) => {
    const ca = makeAuthority({ keyPair: sharedKey(type) });
    const reader = readSequence(createCrl(ca, { number: 1, ...dates, revoked }).der, 'crl');
    const tbs = reader.read(TAG.sequence, 'tbs').der;
    const algorithm = readAlgorithm(reader.read(TAG.sequence, 'algorithm'), 'algorithm');
    const signature = wholeOctets(reader.read(TAG.bitString, 'signature'), 'signature');
    expect(isSignedBy(sharedKey(type).publicKey, algorithm, tbs, signature)).toBe(true);
  });

  test('omits the list when nothing is revoked', () => {
    const { der } = createCrl(authority, { number: 1, ...dates, revoked: [] });
    const tbs = new DerReader(readSequence(der, 'crl').read(TAG.sequence, 'tbs').content);
    const tags = Array.from({ length: 6 }, () => tbs.next('field').tag);
    expect(tags).toEqual([TAG.integer, TAG.sequence, TAG.sequence, TAG.utcTime, TAG.utcTime, 0xa0]);
    expect(tbs.atEnd).toBe(true);
    expect(readCrl(der).revoked).toEqual([]);
  });

  test('names its issuer as the CA names itself, octet for octet', () => {
    const { subject } = parseCertificate(authority.certificate.der).tbs;
    expect(full.der.includes(subject.der)).toBe(true);
  });

  test.each(Object.keys(REASON_CODES) as RevocationReason[])(
    'gives %s as a reason, unless it is none',
    (reason) => {
      const { der } = createCrl(authority, {
        number: 1,
        ...dates,
        revoked: [{ serial: '01', revokedAt: NOW, reason }],
      });
      const expected = reason === 'unspecified' ? {} : { reason };
      expect(readCrl(der).revoked).toEqual([{ serial: '01', revokedAt: NOW, ...expected }]);
    },
  );

  test.each([0, 1, 128, 2 ** 31, 2n ** 64n, 2n ** 159n - 1n])('counts to %s', (number) => {
    expect(readCrl(createCrl(authority, { number, ...dates, revoked: [] }).der).number).toBe(BigInt(number));
  });

  test.each([
    { why: 'a negative number', change: { number: -1 } },
    { why: 'a number of 21 octets', change: { number: 2n ** 160n } },
    { why: 'a next update in the past', change: { nextUpdate: NOW } },
    { why: 'a revocation in the future', change: { revoked: [{ serial: '01', revokedAt: NEXT }] } },
    {
      why: 'one serial number twice',
      change: { revoked: [revoked[0], revoked[0]].filter((entry) => entry !== undefined) },
    },
    { why: 'a serial number in capitals', change: { revoked: [{ serial: 'FF', revokedAt: NOW }] } },
    { why: 'an empty serial number', change: { revoked: [{ serial: '', revokedAt: NOW }] } },
  ])('refuses $why', ({ change }) => {
    expect(codeOf(() => createCrl(authority, { number: 1, ...dates, revoked: [], ...change }))).toBe(
      'CA_CRL_INVALID',
    );
  });

  test('needs a CA that may sign lists', () => {
    const info = { ...authority.certificate.info, keyUsage: ['keyCertSign'] };
    const bare = { ...authority, certificate: { ...authority.certificate, info } };
    expect(codeOf(() => createCrl(bare, { number: 1, ...dates, revoked: [] }))).toBe('CA_NOT_A_CA');
  });
});

describe('readCrl', () => {
  test.each([
    { why: 'nothing', input: '' },
    { why: 'a certificate', input: authority.certificate.pem },
    { why: 'a certificate in DER', input: authority.certificate.der },
    { why: 'two of them', input: full.pem + full.pem },
    { why: 'DER cut short', input: full.der.subarray(0, -1) },
    {
      why: 'reason 7',
      input: Buffer.from(
        full.der.toString('hex').replace('0603551d1504030a0101', '0603551d1504030a0107'),
        'hex',
      ),
    },
  ])('refuses $why', ({ input }) => {
    expect(codeOf(() => readCrl(input))).toBe('CA_CRL_INVALID');
  });

  test('refuses a list that does not speak of every certificate', () => {
    expect(readCrl(listWith(false)).number).toBe(1n);
    expect(codeOf(() => readCrl(listWith(true)))).toBe('CA_CRL_INVALID');
  });

  test('refuses a number of 21 octets', () => {
    expect(readCrl(listWith(false, 2n ** 159n - 1n)).number).toBe(2n ** 159n - 1n);
    expect(codeOf(() => readCrl(listWith(false, 2n ** 160n)))).toBe('CA_CRL_INVALID');
  });

  test('refuses a list that names two different signature algorithms', () => {
    const outer = sequence(oid('ecdsa-with-SHA384'));
    expect(codeOf(() => readCrl(listWith(false, 1n, { outer })))).toBe('CA_CRL_INVALID');
  });

  test.each([
    [false, undefined],
    [true, 'CA_CRL_INVALID'],
  ])('refuses an entry with something critical that it does not know: %s', (critical, code) => {
    const more = extension('reasonCode', raw(Buffer.of(TAG.enumerated, 1, 1)), critical);
    const entry = sequence(integerOf(1), time(NOW), sequence(more));
    expect(codeOf(() => readCrl(listWith(false, 1n, { entries: [entry] })))).toBe(code);
  });

  test('throws a CaError alone, whatever it reads', () => {
    fc.assert(
      fc.property(mutated(full.der), (bytes) => {
        expect(['CA_CRL_INVALID', undefined]).toContain(codeOf(() => readCrl(bytes)));
      }),
      { numRuns: 2000 },
    );
  });
});

type OddList = { readonly outer?: Der; readonly entries?: readonly Der[] };

/** As a delta CRL, or one of a part of all certificates, would have it. Readers look at no signature. */
function listWith(flag: boolean, number: bigint = 1n, { outer, entries = [] }: OddList = {}): Buffer {
  const { issuerName, algorithm } = authority.signer;
  const dated = [time(NOW), time(NEXT)];
  const extensions = explicit(0, sequence(extension('cRLNumber', integerOf(number), flag)));
  const list = entries.length === 0 ? [] : [sequence(...entries)];
  const tbs = sequence(integerOf(1), algorithm, raw(issuerName), ...dated, ...list, extensions);
  return encode(sequence(tbs, outer ?? algorithm, bitString(Buffer.alloc(70))));
}
