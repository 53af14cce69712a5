import type { Validity } from './validity.ts';

/** `due`: still valid, and time to renew. */
export type ValidityState = 'valid' | 'due' | 'expired' | 'not-yet-valid';

export type Expiring = Validity & { readonly isCa?: boolean };

const DAY = 86_400_000;
// A CA's successor has to reach every engine and client first, and they are issued certificates for a year.
const CA_DAYS_LEFT = 400;

/**
 * The one rule for expiry: a leaf is due in the last third of its lifetime, a CA when fewer than 400 days are left. The
 * last second is valid (RFC 5280 section 4.1.2.5).
 */
export function validityState({ notBefore, notAfter, isCa = false }: Expiring, now: Date): ValidityState {
  if (now < notBefore) return 'not-yet-valid';
  const left = notAfter.getTime() - now.getTime();
  if (left < 0) return 'expired';
  const enough = isCa ? CA_DAYS_LEFT * DAY : (notAfter.getTime() - notBefore.getTime()) / 3;
  return left < enough ? 'due' : 'valid';
}

/**
 * The lifetime, in seconds, that a renewal asks for so that it lasts as long as the certificate it replaces, which its
 * profile back-dated by `backdate` seconds.
 */
export function keptLifetime({ notBefore, notAfter }: Validity, backdate: number): number {
  return Math.round((notAfter.getTime() - notBefore.getTime()) / 1000) - backdate;
}
