import { generateKeyPair, issueCertificate, validityState } from '@docker-mtls/ca';
import type { AttentionFilter } from '@docker-mtls/registry';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readStore } from './open-store.ts';
import { laidDown, makeTestCa, NOW, pairFor, publish, shippedProfile } from '../testing/test-ca.ts';

const DAY = 86_400_000;
const HOUR = DAY / 24;

const ca = makeTestCa();
let directory: string;

/** A client whose certificate begins and ends so many days after the CA was made. */
function lasting(name: string, from: number, to: number): void {
  const key = generateKeyPair('ec-p256');
  const validity = { notBefore: at(from), notAfter: at(to) };
  const certificate = issueCertificate(ca.authority, {
    profile: shippedProfile('client'),
    commonName: name,
    groups: [],
    sans: [],
    publicKey: key.publicKey,
    validity,
  });
  const { keyPem: _, ...request } = pairFor(ca, 'client', name);
  publish(directory, { ...request, certificate });
}

function at(days: number): Date {
  return new Date(NOW.getTime() + days * DAY);
}

beforeAll(() => {
  directory = laidDown(ca);
  lasting('short', 0, 30);
  lasting('middle', 0, 90);
  lasting('year', 0, 365);
  lasting('ages', 0, 900);
  lasting('later', 50, 100);
});

type Names = Record<'due' | 'expired' | 'notYetValid', readonly string[]>;

function namesOf(entries: readonly { name: string }[]): readonly string[] {
  return entries.map(({ name }) => name);
}

function attention(day: number, filter: Partial<AttentionFilter> = {}): Names & { readonly counts: unknown } {
  const reader = readStore(directory);
  const now = at(day);
  const since = new Date(now.getTime() - 30 * DAY);
  const { counts, due, expired, notYetValid } = reader.attention({
    kind: 'client',
    now,
    since,
    limit: 10,
    ...filter,
  });
  const result = { counts, due: namesOf(due), expired: namesOf(expired), notYetValid: namesOf(notYetValid) };
  reader.close();
  return result;
}

const NONE = { due: 0, expired: 0, expiredLongAgo: 0, notYetValid: 0 };

describe('attention', () => {
  test.each([
    [1, { due: [], expired: [], notYetValid: ['later'] }, { ...NONE, notYetValid: 1 }],
    [21, { due: ['short'], expired: [], notYetValid: ['later'] }, { ...NONE, due: 1, notYetValid: 1 }],
    [61, { due: ['middle'], expired: [], notYetValid: [] }, { ...NONE, due: 1, expiredLongAgo: 1 }],
    [59, { due: [], expired: ['short'], notYetValid: [] }, { ...NONE, expired: 1 }],
    [
      95,
      { due: ['later'], expired: ['middle'], notYetValid: [] },
      { ...NONE, due: 1, expired: 1, expiredLongAgo: 1 },
    ],
    [250, { due: ['year'], expired: [], notYetValid: [] }, { ...NONE, due: 1, expiredLongAgo: 3 }],
  ])('after %d days is %j', (day, names, counts) => {
    expect(attention(day)).toEqual({ ...names, counts });
  });

  test('shows the most urgent, and counts all', () => {
    expect(attention(95, { since: at(0), limit: 1 })).toMatchObject({
      counts: { expired: 2 },
      expired: ['middle'],
    });
  });

  test('is of one kind alone', () => {
    expect(attention(95, { kind: 'server' }).counts).toEqual(NONE);
  });

  test('has a CA due as the rule for expiry has it', () => {
    const { notAfter } = ca.authority.certificate.info;
    const last = (notAfter.getTime() - NOW.getTime()) / DAY - 400;
    expect(attention(last - HOUR / DAY, { kind: 'ca' }).due).toEqual([]);
    expect(attention(last + HOUR / DAY, { kind: 'ca' }).due).toEqual(['Test CA']);
  });

  test.each([0, 10, 20, 25, 59, 60.5, 80, 99, 200, 300, 364, 600, 900])(
    'agrees with the rule for expiry after %d days',
    (day) => {
      const reader = readStore(directory);
      const states = reader.entries({ kind: 'client' }).map((entry) => validityState(entry, at(day)));
      reader.close();
      const { counts } = attention(day, { since: at(-1) });
      const count = (state: string): number => states.filter((each) => each === state).length;
      expect(counts).toEqual({
        due: count('due'),
        expired: count('expired'),
        expiredLongAgo: 0,
        notYetValid: count('not-yet-valid'),
      });
    },
  );
});

test('what lives for more than 825 days is unusual', () => {
  const reader = readStore(directory);
  expect(reader.unusual(10).map(({ name }) => name)).toEqual(['ages']);
  expect(reader.unusual(0)).toEqual([]);
  reader.close();
});

test('what is on record is counted, in force no further than asked', () => {
  const reader = readStore(directory);
  expect(reader.recorded(100)).toEqual({ certificates: 6, servers: 0, clients: 5, unfinished: 0 });
  expect(reader.recorded(3)).toMatchObject({ certificates: 6, clients: 3 });
  reader.close();
});
