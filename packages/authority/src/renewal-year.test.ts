import fs from 'node:fs';
import path from 'node:path';
import { validityState } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { NOW, testAuthority } from '../testing/test-authority.ts';
import type { TestAuthority } from '../testing/test-authority.ts';
import { renew } from './renewal.ts';
import { withSession } from './index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Days for which each pair is issued. */
const LIVES = { node1: 90, node2: 45, alice: 30, bob: 365 } as const;
type Name = keyof typeof LIVES;

/** The machine looks every six hours, except when it is off; meanwhile, nothing of servers can be renewed. */
const OFF = { from: 100, to: 130 };
const BROKEN = { from: 200, to: 215 };
/** Days on which the clock is wrong for one run, and by how many days. */
const JUMPS: Readonly<Record<number, number>> = { 150: 900, 180: -60, 240: 0.5 };

/** What one run has seen and done. */
type Run = {
  readonly day: number;
  readonly renewed: readonly string[];
  readonly failed: readonly string[];
  /** Not valid after the run. */
  readonly invalid: readonly string[];
};

let ca: TestAuthority;
let now = NOW;
const runs: Run[] = [];

beforeAll(async () => {
  ca = await testAuthority();
  for (const name of Object.keys(LIVES) as Name[])
    await ca.issue({ kind: kindOf(name), name, lifetime: LIVES[name] * 24 * 3600 });
  const profile = path.join(ca.directory, 'profiles/server.json');
  const text = fs.readFileSync(profile, 'utf8');
  for (let day = 0; day < 365; day += 0.25) {
    if (isWithin(day, OFF)) continue;
    fs.writeFileSync(profile, isWithin(day, BROKEN) ? '{}' : text);
    now = new Date(NOW.getTime() + (day + (JUMPS[day] ?? 0)) * DAY);
    runs.push(await runAt(day));
  }
}, 180_000);

function kindOf(name: Name): 'server' | 'client' {
  return name.startsWith('node') ? 'server' : 'client';
}

function isWithin(day: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return from <= day && day < to;
}

async function runAt(day: number): Promise<Run> {
  const caller = { ...ca.access.caller, now: () => now };
  return withSession({ ...ca.access, caller }, async (session) => {
    const { renewed, failed } = await renew(session, { of: 'due', keepKey: false });
    const entries: readonly Entry[] = [
      ...(await session.reader.entries({ kind: 'server' })),
      ...(await session.reader.entries({ kind: 'client' })),
    ];
    return {
      day,
      renewed: renewed.map(({ name }) => name),
      failed: failed.map(({ name }) => name),
      invalid: entries.filter((entry) => !isGood(entry)).map(({ name }) => name),
    };
  });
}

function isGood({ notBefore, notAfter }: Entry): boolean {
  return ['valid', 'due'].includes(validityState({ notBefore, notAfter }, now));
}

describe('a year of a CA whose machine is off for a month', () => {
  test('has no run after which a certificate is invalid that could have been renewed', () => {
    const bad = runs.filter(({ day, invalid }) => invalid.length > 0 && !isWithin(day, BROKEN));
    expect(bad).toEqual([]);
  });

  test('has every pair renewed when a third of its life is left, and at no other time', () => {
    const usual = runs.filter(({ day }) => day < OFF.from && JUMPS[day] === undefined);
    for (const [name, life] of Object.entries(LIVES)) {
      const days = usual.filter(({ renewed }) => renewed.includes(name)).map(({ day }) => day);
      const gaps = days.map((day, index) => day - (days[index - 1] ?? 0));
      for (const gap of gaps) expect(Math.abs(gap - (life * 2) / 3)).toBeLessThan(0.5);
      expect(days).toHaveLength(Math.floor(OFF.from / ((life * 2) / 3 + 0.25)));
    }
  });

  test('is renewed at once when the machine is on again, and after a clock that was wrong', () => {
    const first = runs.find(({ day }) => day >= OFF.to);
    expect(first).toMatchObject({ renewed: expect.arrayContaining(['alice', 'node2']) });
    for (const day of [150, 180]) {
      expect(runs.find((run) => run.day === day)?.invalid).toEqual([]);
      expect(runs.find((run) => run.day === day + 0.25)?.invalid).toEqual([]);
    }
  });

  test('never tries more often than the schedule says while nothing can be renewed', () => {
    const days = runs.filter(({ failed }) => failed.includes('node2')).map(({ day }) => day);
    const hours = days.map((day, index) => (day - (days[index - 1] ?? day)) * 24).slice(1);
    // It looks every six hours, so it waits that long after each of the first failures, which the schedule allows.
    expect(hours.slice(0, 5)).toEqual([6, 6, 6, 6, 6]);
    expect(hours.length).toBeGreaterThan(10);
    for (const wait of hours.slice(6)) expect(wait).toBeGreaterThanOrEqual(12);
    expect(runs.find(({ day }) => day >= BROKEN.to + 0.5 && day < BROKEN.to + 1)?.invalid).toEqual([]);
  });

  test('issues no certificate in vain', async () => {
    const caller = { ...ca.access.caller, now: () => now };
    const count = await withSession({ ...ca.access, caller }, async ({ reader }) => {
      const of = async (name: Name): Promise<number> =>
        (await reader.entries({ kind: kindOf(name), name, all: true })).length;
      return { alice: await of('alice'), bob: await of('bob') };
    });
    // 365 days in steps of 20, and twice for each of the two large jumps of the clock.
    expect(count.alice).toBeLessThanOrEqual(Math.ceil(365 / 20) + 1 + 4);
    expect(count.bob).toBeLessThanOrEqual(2 + 4);
  });
});
