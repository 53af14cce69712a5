import { quote } from '@docker-mtls/errors';
import { CaError } from '../error.ts';

const DAY = 86_400;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY };

export const SHORTEST_LIFETIME = 60;
export const LONGEST_LIFETIME: number = 36_500 * DAY;

export type LifetimeOptions = { readonly days?: string | number; readonly ttl?: string };

/** Seconds from `days` (a whole number) or `ttl` (`90s`, `30m`, `12h`, `7d`), not both. `CA_LIFETIME_INVALID`. */
export function parseLifetime({ days, ttl }: LifetimeOptions): number {
  if (days !== undefined && ttl !== undefined) {
    throw refusal('a lifetime in days and another beside it', 'use --days or --ttl, not both');
  }
  return ttl === undefined ? lifetimeInDays(days ?? '') : lifetimeOf(ttl);
}

/** Seconds from `90s`, `30m`, `12h` or `7d`; `undefined` when it is not written so. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,10})([smhd])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return count === undefined || factor === undefined ? undefined : Number(count) * factor;
}

function lifetimeInDays(days: string | number): number {
  const text = String(days);
  const count = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (count === 0)
    throw refusal(`a lifetime of ${quote(text)} days`, 'give a whole number of days, such as --days 90');
  return inRange(count * DAY, `${text} days`);
}

function lifetimeOf(ttl: string): number {
  const seconds = parseDuration(ttl);
  if (seconds === undefined) {
    throw refusal(`a lifetime of ${quote(ttl)}`, 'write a number and s, m, h or d, such as 12h');
  }
  return inRange(seconds, ttl);
}

function inRange(seconds: number, text: string): number {
  if (seconds >= SHORTEST_LIFETIME && seconds <= LONGEST_LIFETIME) return seconds;
  throw refusal(`a lifetime of ${text}`, 'choose one minute at least and 36500 days at most');
}

function refusal(what: string, hint: string): CaError {
  return new CaError('CA_LIFETIME_INVALID', `${what} cannot be used`, { hint });
}
