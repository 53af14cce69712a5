import type { RenewalFailure } from '@docker-mtls/registry';

const MINUTE = 60_000;

/** Minutes to wait after the first, second, … failure in a row; after more of them, the last. */
const WAITS: readonly number[] = [1, 5, 15, 60, 180, 360, 720];

/** A certificate that lives for hours is tried again in time: a failure costs at most this part of its life. */
const PARTS_OF_LIFE = 24;

type Life = { readonly notBefore: Date; readonly notAfter: Date };

/**
 * When a renewal that failed is tried again by a command that names nobody. The clock may have been set back since: a
 * failure of the future was one by a wrong clock and holds nothing up. It is then recorded by the clock of that
 * attempt, so a clock that jumps costs one attempt for each jump, and no more.
 */
export function retryAt(
  { failures, failedAt }: Pick<RenewalFailure, 'failures' | 'failedAt'>,
  life: Life,
  now: Date,
): Date {
  if (failedAt > now) return now;
  return new Date(failedAt.getTime() + waitAfter(failures, life));
}

/** Milliseconds. */
function waitAfter(failures: number, { notBefore, notAfter }: Life): number {
  const wait = WAITS[Math.min(failures, WAITS.length) - 1] ?? 1;
  const part = (notAfter.getTime() - notBefore.getTime()) / PARTS_OF_LIFE;
  return Math.max(MINUTE, Math.min(wait * MINUTE, part));
}
