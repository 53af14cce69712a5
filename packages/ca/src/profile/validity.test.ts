import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { NOW, shippedProfile } from '../../testing/fixtures.ts';
import { codeOf, errorOf } from '../../testing/throws.ts';
import { planValidity } from './validity.ts';

const DAY = 86_400_000;
const client = shippedProfile('client');

function issuer(from: string, to: string): { info: { notBefore: Date; notAfter: Date } } {
  return { info: { notBefore: new Date(from), notAfter: new Date(to) } };
}

describe('planValidity', () => {
  test('begins five minutes ago and lasts as long as the profile says', () => {
    expect(planValidity({ profile: client, now: NOW })).toEqual({
      notBefore: new Date('2025-12-31T23:55:00Z'),
      notAfter: new Date('2027-01-01T00:00:00Z'),
    });
  });

  test('lasts as long as was asked for', () => {
    const { notAfter } = planValidity({ profile: client, lifetime: 43_200, now: NOW });
    expect(notAfter).toEqual(new Date('2026-01-01T12:00:00Z'));
  });

  test('has whole seconds', () => {
    const { notBefore, notAfter } = planValidity({
      profile: client,
      now: new Date('2026-01-01T00:00:00.999Z'),
    });
    expect([notBefore, notAfter].map((date) => date.getUTCMilliseconds())).toEqual([0, 0]);
  });

  test("cuts the profile's lifetime to the end of the CA", () => {
    const ca = issuer('2020-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
    expect(planValidity({ profile: client, issuer: ca, now: NOW }).notAfter).toEqual(ca.info.notAfter);
  });

  test('refuses a lifetime that was asked for and goes past the end of the CA', () => {
    const ca = issuer('2020-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
    const error = errorOf(() =>
      planValidity({ profile: client, lifetime: 90 * 86_400, issuer: ca, now: NOW }),
    );
    expect(error?.code).toBe('CA_LEAF_OUTLIVES_ISSUER');
    expect(error?.message).toBe(
      'the certificate would end 2026-04-01T00:00:00Z, its CA ends 2026-02-01T00:00:00Z',
    );
    expect(error?.hint).toContain('--days 31');
  });

  test('takes one that ends with the CA', () => {
    const ca = issuer('2020-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
    const { notAfter } = planValidity({ profile: client, lifetime: 31 * 86_400, issuer: ca, now: NOW });
    expect(notAfter).toEqual(ca.info.notAfter);
  });

  test('never begins before the CA', () => {
    const ca = issuer('2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z');
    expect(planValidity({ profile: client, issuer: ca, now: NOW }).notBefore).toEqual(NOW);
  });

  test('refuses a CA that is over', () => {
    const ca = issuer('2020-01-01T00:00:00Z', '2025-12-31T23:59:59Z');
    expect(codeOf(() => planValidity({ profile: client, issuer: ca, now: NOW }))).toBe('CA_EXPIRED');
    expect(() => planValidity({ profile: client, issuer: ca, now: NOW })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('docker-mtls ca renew') }),
    );
  });

  test('takes a CA in its last second', () => {
    const ca = issuer('2020-01-01T00:00:00Z', NOW.toISOString());
    expect(planValidity({ profile: client, issuer: ca, now: NOW }).notAfter).toEqual(NOW);
  });

  test('may end with the last second of the year 9999', () => {
    const now = new Date('9999-12-31T23:58:59Z');
    const { notAfter } = planValidity({ profile: client, lifetime: 60, now });
    expect(notAfter).toEqual(new Date('9999-12-31T23:59:59Z'));
  });

  test('refuses a CA that has not begun', () => {
    const ca = issuer('2026-01-02T00:00:00Z', '2036-01-01T00:00:00Z');
    expect(codeOf(() => planValidity({ profile: client, issuer: ca, now: NOW }))).toBe('CA_NOT_YET_VALID');
  });

  test.each([new Date('9999-06-01T00:00:00Z'), new Date(8.64e15)])(
    'refuses to end after the year 9999',
    (now) => {
      expect(codeOf(() => planValidity({ profile: client, now }))).toBe('CA_LIFETIME_INVALID');
    },
  );

  test('stays within the CA, whatever the clock and the lifetime', () => {
    const span = { min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true };
    fc.assert(
      fc.property(
        fc.date(span),
        fc.date(span),
        fc.nat({ max: 20_000 }),
        fc.option(fc.integer({ min: 60, max: 1e9 })),
        (now, start, days, asked) => {
          const ca = { info: { notBefore: start, notAfter: new Date(start.getTime() + days * DAY) } };
          const plan = { profile: client, issuer: ca, now, lifetime: asked ?? undefined };
          if (codeOf(() => planValidity(plan)) !== undefined) return;
          const { notBefore, notAfter } = planValidity(plan);
          expect(notBefore >= ca.info.notBefore && notAfter <= ca.info.notAfter).toBe(true);
          expect(notBefore <= now).toBe(true);
          expect(notBefore <= notAfter).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
