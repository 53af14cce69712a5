import { LAST_MOMENT } from '../der/time.ts';
import { CaError } from '../error.ts';
import type { Profile } from './profile.ts';

/** From the first second to the last, both included (RFC 5280 4.1.2.5). Whole seconds. */
export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

export type ValidityPlan = {
  readonly profile: Profile;
  /** Seconds from `now`, asked for by the user; without it, the profile's. */
  readonly lifetime?: number | undefined;
  /** The certificate of the CA that will sign; absent for the CA's own. */
  readonly issuer?: { readonly info: Validity } | undefined;
  readonly now: Date;
};

/**
 * When a new certificate is valid: back-dated by the profile for clocks that are slow, and never outside of its
 * issuer's own time. A profile's lifetime is cut to the issuer's end; one that was asked for is not:
 * `CA_LEAF_OUTLIVES_ISSUER`. `CA_EXPIRED`, `CA_NOT_YET_VALID` when the issuer itself is; `CA_LIFETIME_INVALID` when
 * the end is past the year 9999.
 */
export function planValidity({ profile, lifetime, issuer, now }: ValidityPlan): Validity {
  const start = wholeSecond(now);
  const notBefore = addSeconds(start, -profile.backdate);
  const notAfter = addSeconds(start, lifetime ?? profile.lifetime);
  if (Number.isNaN(notAfter.getTime()) || notAfter > LAST_MOMENT) {
    throw new CaError('CA_LIFETIME_INVALID', 'the certificate would end after the year 9999', {
      hint: 'choose a shorter lifetime, and check the clock of this machine',
    });
  }
  if (issuer === undefined) return { notBefore, notAfter };
  return within(issuer.info, { notBefore, notAfter }, { now, asked: lifetime !== undefined });
}

function within(issuer: Validity, wanted: Validity, { now, asked }: { now: Date; asked: boolean }): Validity {
  if (issuer.notAfter < now) {
    throw new CaError('CA_EXPIRED', `the CA certificate ended ${text(issuer.notAfter)}`, {
      hint: 'docker-mtls ca renew gives it new dates; hand out its new certificate',
    });
  }
  if (issuer.notBefore > now) {
    throw new CaError('CA_NOT_YET_VALID', `the CA certificate begins ${text(issuer.notBefore)}`, {
      hint: 'check the clock of this machine',
    });
  }
  if (asked && wanted.notAfter > issuer.notAfter) {
    const ends = `would end ${text(wanted.notAfter)}, its CA ends ${text(issuer.notAfter)}`;
    throw new CaError('CA_LEAF_OUTLIVES_ISSUER', `the certificate ${ends}`, { hint: hintFor(issuer, now) });
  }
  return {
    notBefore: issuer.notBefore > wanted.notBefore ? issuer.notBefore : wanted.notBefore,
    notAfter: issuer.notAfter < wanted.notAfter ? issuer.notAfter : wanted.notAfter,
  };
}

function hintFor(issuer: Validity, now: Date): string {
  const days = Math.floor((issuer.notAfter.getTime() - now.getTime()) / 86_400_000);
  return `${days > 0 ? `use --days ${days} or less` : 'use a shorter --ttl'}, or give the CA new dates: docker-mtls ca renew`;
}

function wholeSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

function addSeconds(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000);
}

function text(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
