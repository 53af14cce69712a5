import { describe, expect, test } from '@jest/globals';
import { oddCertificate } from '../../testing/odd-certificate.ts';
import { encode, implicit, oid, sequence, set, tagged, utf8String } from '../der/build.ts';
import type { Der } from '../der/build.ts';
import { TAG } from '../der/tag.ts';
import { readCertificate } from './certificate.ts';
import { clientNames } from './client-names.ts';
import type { ClientNames } from './client-names.ts';
import { extension } from './extensions.ts';

function named(...attributes: readonly Der[]): ClientNames {
  return clientNames(readCertificate(oddCertificate({ subject: encode(sequence(...attributes)) })));
}

function called(value: Der): Der {
  return set(sequence(oid('commonName'), value));
}

function unit(value: Der): Der {
  return set(sequence(oid('organizationalUnitName'), value));
}

test('a client has one common name, and any number of units', () => {
  const found = named(called(utf8String('Zoë')), unit(utf8String('ops')), unit(utf8String('web')));
  expect(found).toEqual({ commonName: 'Zoë', organizationalUnits: ['ops', 'web'], uris: [] });
});

describe('there is no common name', () => {
  test.each<[string, readonly Der[]]>([
    ['if there is none', [unit(utf8String('ops'))]],
    ['if there are two', [called(utf8String('alice')), called(utf8String('mallory'))]],
    [
      'if one attribute set has two',
      [set(...['a', 'b'].map((name) => sequence(oid('commonName'), utf8String(name))))],
    ],
    ['if it is empty', [called(utf8String(''))]],
    ['if it has a line break', [called(utf8String('alice\nrole admin'))]],
    ['if it has a mark that reverses the text', [called(utf8String('\u202eecila'))]],
    ['if it is no string', [called(tagged(TAG.octetString, Buffer.from('alice')))]],
    ['if it is T.61 text', [called(tagged(TAG.teletexString, Buffer.from('alice')))]],
    ['if it is ASCII by its type alone', [called(tagged(TAG.printableString, Buffer.from([0xe9])))]],
  ])('%s', (_, attributes) => {
    expect(named(...attributes).commonName).toBeUndefined();
  });
});

test('a unit that is no plain text is left out', () => {
  const found = named(
    called(utf8String('alice')),
    unit(tagged(TAG.octetString, Buffer.from('ops'))),
    unit(utf8String('o\u0000ps')),
    unit(tagged(TAG.printableString, Buffer.from('web'))),
  );
  expect(found.organizationalUnits).toEqual(['web']);
});

test('only names of the kind URI count as URIs, and only printable ones', () => {
  const names = sequence(
    implicit(6, Buffer.from('spiffe://example/ops/a')),
    implicit(1, Buffer.from('URI:spiffe://example/mail')),
    implicit(2, Buffer.from('spiffe.example')),
    implicit(6, Buffer.from('spiffe://example/a b')),
  );
  const der = oddCertificate({ extensions: [extension('subjectAltName', names)] });
  expect(clientNames(readCertificate(der)).uris).toEqual(['spiffe://example/ops/a']);
});
