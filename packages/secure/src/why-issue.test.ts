import type { PairOrder } from '@docker-mtls/authority';
import { parseSubjectAltName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../../authority/testing/test-authority.ts';
import { whyDue, whyIssue } from './why-issue.ts';
import type { Why } from './why-issue.ts';

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

const why = (now: Date, ca?: Date): Why | undefined =>
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
  expect(why(day(30), day(32))).toEqual({ kind: 'due', notAfter: day(31) });
});

test('what is missing is missing at any time', () => {
  expect(whyDue(undefined)(ORDER, undefined, day(1))).toEqual({ kind: 'missing' });
});

describe('whyIssue', () => {
  let alice: Entry;
  let node1: Entry;
  beforeAll(async () => {
    const ca = await testAuthority();
    await ca.issue({ kind: 'client', name: 'alice', groups: ['ops'] });
    await ca.issue({
      kind: 'server',
      name: 'node1',
      sans: ['node1', 'localhost', '127.0.0.1', '::1'].map((text) => parseSubjectAltName(text)),
    });
    alice = await ca.current('client', 'alice');
    node1 = await ca.current('server', 'node1');
  });

  const order = { groups: [], sans: [], force: false };
  const client: PairOrder = { ...order, kind: 'client', name: 'alice' };
  const server: PairOrder = { ...order, kind: 'server', name: 'node1' };

  test('there was none', () => {
    expect(whyIssue(client, undefined, NOW)).toEqual({ kind: 'missing' });
  });

  test('the one there is does', () => {
    expect(whyIssue(client, alice, NOW)).toBeUndefined();
    expect(whyIssue({ ...client, groups: ['ops'] }, alice, NOW)).toBeUndefined();
    const sans = ['node1', 'localhost', '127.0.0.1', '::1'].map((text) => parseSubjectAltName(text));
    expect(whyIssue({ ...server, sans }, node1, NOW)).toBeUndefined();
  });

  test('it had expired, to the second', () => {
    const end = alice.notAfter.getTime();
    expect(whyIssue(client, alice, new Date(end - 1))).toBeUndefined();
    expect(whyIssue(client, alice, new Date(end))).toEqual({ kind: 'expired' });
  });

  test('it was not valid yet, to the second: it was issued by a clock that was ahead', () => {
    const start = alice.notBefore.getTime();
    expect(whyIssue(client, alice, new Date(start))).toBeUndefined();
    expect(whyIssue(client, alice, new Date(start - 1))).toEqual({ kind: 'not-yet-valid' });
  });

  test('it lacked a name', () => {
    const sans = [parseSubjectAltName('node1'), parseSubjectAltName('10.0.0.5')];
    expect(whyIssue({ ...server, sans }, node1, NOW)).toEqual({
      kind: 'lacks-names',
      lacking: ['IP:10.0.0.5'],
    });
  });

  test('it lacked a group', () => {
    expect(whyIssue({ ...client, groups: ['ops', 'dev'] }, alice, NOW)).toEqual({
      kind: 'lacks-groups',
      lacking: ['ops', 'dev'],
    });
  });

  test('its files were gone', () => {
    const { directory: _, ...gone } = alice;
    expect(whyIssue(client, gone, NOW)).toEqual({ kind: 'files-gone' });
  });
});
