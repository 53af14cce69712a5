import type { ValidityState } from '../profile/expiry.ts';

/** When a revocation list was made, and when the next one is due at the latest. */
export type ListPeriod = { readonly thisUpdate: Date; readonly nextUpdate: Date };

/**
 * The one rule for the age of a revocation list: the next one is due in the last half of its life, so that readers have
 * as long again to fetch it. One that begins later was made by a clock that was ahead, and is refused until then.
 */
export function listState({ thisUpdate, nextUpdate }: ListPeriod, now: Date): ValidityState {
  if (now < thisUpdate) return 'not-yet-valid';
  if (now > nextUpdate) return 'expired';
  return now.getTime() < (thisUpdate.getTime() + nextUpdate.getTime()) / 2 ? 'valid' : 'due';
}
