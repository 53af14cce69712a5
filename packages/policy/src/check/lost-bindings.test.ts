import { expect, test } from '@jest/globals';
import { lostBindings, parse, unmatchedBindings } from '../index.ts';
import type { CertificateSubject } from '../index.ts';

const POLICY = parse(`apiVersion: docker-mtls/policy.v1
bindings:
  - { role: admin, subjects: [{ cn: root }, { fingerprint: ${'AB:'.repeat(31)}AB }] }
  - { role: viewer, subjects: [{ cn: 'ci-*' }, { ou: ops, issuer: 00:11:22:33:44:55:66:77 }] }
  - { role: ci, subjects: [{ uri: 'spiffe://x/*' }], until: 2020-01-01 }
`);

const ROOT: CertificateSubject = {
  kind: 'certificate',
  commonName: 'root',
  organizationalUnits: ['ops'],
  uris: ['spiffe://x/root'],
  fingerprint: 'ab'.repeat(32),
  issuer: '0011223344556677',
};

function lost(
  before: readonly CertificateSubject[],
  after: readonly CertificateSubject[],
): readonly string[] {
  return lostBindings(POLICY, before, after).map(({ rule, subject }) => `${rule} ${subject.kind}`);
}

test.each<[string, Partial<CertificateSubject>, readonly string[]]>([
  ['another serial alone', {}, []],
  ['another fingerprint', { fingerprint: 'cd'.repeat(32) }, ['bindings[0] fingerprint']],
  ['another CA', { issuer: 'ff'.repeat(8) }, ['bindings[1] ou']],
  [
    'other names',
    { commonName: 'Root', organizationalUnits: [], uris: [] },
    ['bindings[0] cn', 'bindings[1] ou', 'bindings[2] uri'],
  ],
])('a certificate with %s', (_name, changes, expected) => {
  expect(lost([ROOT], [{ ...ROOT, ...changes }])).toEqual(expected);
});

test('what others still match is not lost, and what nobody matched is not either', () => {
  expect(lost([ROOT, ROOT], [ROOT])).toEqual([]);
  expect(lost([], [])).toEqual([]);
});

test('subjects that match nobody', () => {
  const rules = unmatchedBindings(POLICY, [ROOT]).map(({ subject }) => subject.value);
  expect(rules).toEqual(['ci-*']);
});
