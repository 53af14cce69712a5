import { expect, test } from '@jest/globals';
import { NOW, makeAuthority } from '../../testing/fixtures.ts';
import { lintCertificate } from './lint.ts';
import { publishedFindings, publishedIn } from './published.ts';

// The certificates themselves are not kept here: what is tested is that their fingerprints are known.
test.each([
  ['CA', 'baee99a364832e3d0b0b00b70901f3e60a4967532c6c31ab7b911140b584611c'],
  ['server', '49e6a7dd452237f6ed7d772256ff545575552118e62939897c905a59374980ac'],
  ['client', 'ca0bd5b7dee2f1b856b36d51f60293af5e782bca0c12eebf8221b73e0e98b648'],
])("the book's %s is called what it is", (_, fingerprint) => {
  expect(publishedFindings(fingerprint)).toEqual([
    expect.objectContaining({ rule: 'private-key-published', severity: 'error' }),
  ]);
  expect(publishedIn(fingerprint.toUpperCase())).toBeUndefined();
});

test('nothing is said of others', () => {
  const { certificate } = makeAuthority();
  expect(publishedFindings(certificate.info.fingerprint)).toEqual([]);
  expect(lintCertificate(certificate.der)).toEqual([]);
  expect(certificate.info.notBefore <= NOW).toBe(true);
});
