import type { PairOrder } from '@docker-mtls/authority';
import { parseSubjectAltName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { expect, test } from '@jest/globals';
import { whyDue } from './due.ts';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const ORDER: PairOrder = { kind: 'server', name: 'localhost', groups: [], sans: [], force: false };

// Thirty days, the first of them the first of January.
const entry = {
  notBefore: day(1),
  notAfter: day(31),
  directory: '/x',
  certificate: () => ({
    info: { sans: [parseSubjectAltName('localhost')], subject: { organizationalUnits: [] } },
  }),
} as unknown as Entry;

const why = (now: Date, ca?: Date): string | undefined =>
  whyDue(ca === undefined ? undefined : { notAfter: ca })(ORDER, entry, now);

test.each([
  [1, false],
  [20, false],
  [21, false],
  [22, true],
  [31, true],
])('on day %i of 30, a new one is due: %s', (number, expected) => {
  expect(why(day(number)) !== undefined).toBe(expected);
});

test('one that ends with its CA is kept: a new one could not end later', () => {
  expect(why(day(30), day(31))).toBeUndefined();
  expect(why(day(30), day(32))).toBe('the old one ends 2026-01-31 00:00 UTC');
});

test('what is missing is missing at any time', () => {
  expect(whyDue(undefined)(ORDER, undefined, day(1))).toBe('there was none');
});
