import { expect, test } from '@jest/globals';
import { errorOf } from '../../testing/throws.ts';
import { parseLifetime } from './lifetime.ts';

const DAY = 86_400;

test.each([
  [{ days: 1 }, DAY],
  [{ days: '90' }, 90 * DAY],
  [{ days: 36_500 }, 36_500 * DAY],
  [{ ttl: '90s' }, 90],
  [{ ttl: '1m' }, 60],
  [{ ttl: '30m' }, 1800],
  [{ ttl: '12h' }, 43_200],
  [{ ttl: '7d' }, 7 * DAY],
])('parseLifetime reads %j', (options, seconds) => {
  expect(parseLifetime(options)).toBe(seconds);
});

test.each([
  {},
  { days: '' },
  { days: 0 },
  { days: -1 },
  { days: 1.5 },
  { days: Number.NaN },
  { days: Number.POSITIVE_INFINITY },
  { days: 36_501 },
  { days: '1e3' },
  { days: '0x10' },
  { days: ' 1' },
  { days: '٣' },
  { days: '9'.repeat(300) },
  { ttl: '' },
  { ttl: '12' },
  { ttl: 'h' },
  { ttl: '12 h' },
  { ttl: '12H' },
  { ttl: '-1h' },
  { ttl: '1.5h' },
  { ttl: '1h30m' },
  { ttl: '59s' },
  { ttl: '0d' },
  { ttl: '36501d' },
  { ttl: '99999999999999d' },
  { days: 1, ttl: '12h' },
])('parseLifetime refuses %j', (options) => {
  const error = errorOf(() => parseLifetime(options));
  expect(error?.code).toBe('CA_LIFETIME_INVALID');
  expect(error?.hint).toBeTruthy();
});
