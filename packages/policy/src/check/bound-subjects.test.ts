import { expect, test } from '@jest/globals';
import { boundSubjects, matchesSubject, parse, unmatchedBindings } from '../index.ts';
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

test.each<[string, Partial<CertificateSubject>, readonly string[]]>([
  ['of these names', {}, ['bindings[0] cn', 'bindings[0] fingerprint', 'bindings[1] ou', 'bindings[2] uri']],
  [
    'with another fingerprint',
    { fingerprint: 'cd'.repeat(32) },
    ['bindings[0] cn', 'bindings[1] ou', 'bindings[2] uri'],
  ],
  [
    'of another CA',
    { issuer: 'ff'.repeat(8) },
    ['bindings[0] cn', 'bindings[0] fingerprint', 'bindings[2] uri'],
  ],
  [
    'with other names',
    { commonName: 'ci-1', organizationalUnits: [], uris: [] },
    ['bindings[0] fingerprint', 'bindings[1] cn'],
  ],
])(
  'the subjects that match a certificate %s, also of bindings that have ended',
  (_name, changes, expected) => {
    const matching = boundSubjects(POLICY).filter(({ subject }) =>
      matchesSubject(subject, { ...ROOT, ...changes }),
    );
    expect(matching.map(({ rule, subject }) => `${rule} ${subject.kind}`)).toEqual(expected);
  },
);

test('subjects that match nobody', () => {
  const rules = unmatchedBindings(POLICY, [ROOT]).map(({ subject }) => subject.value);
  expect(rules).toEqual(['ci-*']);
});
