import { moment } from '@docker-mtls/text';
import { AuthorityError } from './error.ts';

/** No clock that is right says less: this program did not exist yet. A release sets it to its own date. */
export const RELEASED: Date = new Date('2026-01-01T00:00:00Z');

/** A machine may be hours behind the one that made the release. */
const SLACK_MS = 24 * 60 * 60 * 1000;

/**
 * Refuses to sign by a clock that cannot be right, as of a board without a battery: what it signs would have ended by the
 * time the clock is set. Code: `CLOCK_BEHIND`.
 */
export function requireClock(now: Date): void {
  if (now.getTime() >= RELEASED.getTime() - SLACK_MS) return;
  throw new AuthorityError(
    'CLOCK_BEHIND',
    `the clock of this machine says ${moment(now)}, which is before this program was released`,
    { hint: 'set the clock, for instance with: timedatectl set-ntp true' },
  );
}
