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
async function lasting(name: string, from: number, to: number): Promise<void> {
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
  await publish(directory, { ...request, certificate });
}

function at(days: number): Date {
  return new Date(NOW.getTime() + days * DAY);
}

beforeAll(async () => {
  directory = await laidDown(ca);
  await lasting('short', 0, 30);
  await lasting('middle', 0, 90);
  await lasting('year', 0, 365);
  await lasting('ages', 0, 900);
  await lasting('later', 50, 100);
});

type Names = Record<'due' | 'expired' | 'notYetValid', readonly string[]>;

function namesOf(entries: readonly { name: string }[]): readonly string[] {
  return entries.map(({ name }) => name);
}

async function attention(
  day: number,
  filter: Partial<AttentionFilter> = {},
): Promise<Names & { readonly counts: unknown }> {
  const reader = await readStore(directory);
  const now = at(day);
  const since = new Date(now.getTime() - 30 * DAY);
  const { counts, due, expired, notYetValid } = await reader.attention({
    kind: 'client',
    now,
    since,
    limit: 10,
    ...filter,
  });
  const result = { counts, due: namesOf(due), expired: namesOf(expired), notYetValid: namesOf(notYetValid) };
  await reader.close();
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
  ])('after %d days is %j', async (day, names, counts) => {
    expect(await attention(day)).toEqual({ ...names, counts });
  });

  test('shows the most urgent, and counts all', async () => {
    expect(await attention(95, { since: at(0), limit: 1 })).toMatchObject({
      counts: { expired: 2 },
      expired: ['middle'],
    });
  });

  test('is of one kind alone', async () => {
    expect((await attention(95, { kind: 'server' })).counts).toEqual(NONE);
  });

  test('has a CA due as the rule for expiry has it', async () => {
    const { notAfter } = ca.authority.certificate.info;
    const last = (notAfter.getTime() - NOW.getTime()) / DAY - 400;
    expect((await attention(last - HOUR / DAY, { kind: 'ca' })).due).toEqual([]);
    expect((await attention(last + HOUR / DAY, { kind: 'ca' })).due).toEqual(['Test CA']);
  });

  test.each([0, 10, 20, 25, 59, 60.5, 80, 99, 200, 300, 364, 600, 900])(
    'agrees with the rule for expiry after %d days',
    async (day) => {
      const reader = await readStore(directory);
      const entries = await reader.entries({ kind: 'client' });
      const states = entries.map((entry) => validityState(entry, at(day)));
      await reader.close();
      const { counts } = await attention(day, { since: at(-1) });
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

test('what lives for more than 825 days is unusual', async () => {
  const reader = await readStore(directory);
  expect((await reader.unusual(10)).map(({ name }) => name)).toEqual(['ages']);
  expect(await reader.unusual(0)).toEqual([]);
  await reader.close();
});

test('what is on record is counted, in force no further than asked', async () => {
  const reader = await readStore(directory);
  expect(await reader.recorded(100)).toEqual({ certificates: 6, servers: 0, clients: 5, unfinished: 0 });
  expect(await reader.recorded(3)).toMatchObject({ certificates: 6, clients: 3 });
  await reader.close();
});
