import { describe, expect, test } from '@jest/globals';
import { foldFolderName, toFolderName, toSupersededName } from './folder-name.ts';

describe('the folder of a name', () => {
  test.each([
    ['client', 'alice', 'alice'],
    ['client', 'alice@example.com', 'alice@example.com'],
    ['client', 'Zoë', 'Zoë'],
    ['server', 'node1.example.com', 'node1.example.com'],
    ['server', '*.example.com', '_wildcard.example.com'],
    ['server', '10.0.0.5', '10.0.0.5'],
    ['server', '2001:db8::1', '2001-db8--1'],
    ['server', '::1', '--1'],
  ] as const)('%s %s is %s', (kind, name, folder) => {
    expect(toFolderName(kind, name)).toBe(folder);
  });

  test.each([
    '',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '.staged',
    '.hidden',
    'trailing.',
    'a\0b',
    'a\nb',
    'a b',
    'a:b',
    '*',
    'x'.repeat(256),
    '\u{1d49c}'.repeat(64),
  ])('a client %j is refused', (name) => {
    expect(() => toFolderName('client', name)).toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_NAME_UNUSABLE' }),
    );
  });

  test.each(['*', '*.', '*.*.example.com', 'a.*.example.com'])('a server %j is refused', (name) => {
    expect(() => toFolderName('server', name)).toThrow(
      expect.objectContaining({ code: 'CA_DIRECTORY_NAME_UNUSABLE' }),
    );
  });
});

test.each([
  ['alice', 'Alice'],
  ['zo\u00eb', 'zoe\u0308'],
  ['stra\u00dfe', 'STRASSE'],
  ['\uff41lice', 'alice'],
])('%s and %s would share a folder somewhere', (one, other) => {
  expect(foldFolderName(one)).toBe(foldFolderName(other));
});

test.each([
  ['alice', 'alice1'],
  ['a.b', 'a-b'],
])('%s and %s would not', (one, other) => {
  expect(foldFolderName(one)).not.toBe(foldFolderName(other));
});

test('a replaced generation keeps its serial, however long the name', () => {
  expect(toSupersededName('alice', 'ab12')).toBe('alice-ab12');
  const long = toSupersededName('é'.repeat(127), 'ab'.repeat(16));
  expect(long.endsWith(`-${'ab'.repeat(16)}`)).toBe(true);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(255);
});
