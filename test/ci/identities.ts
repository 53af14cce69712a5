import { authorityOf, days, issuePair, makeAuthority, type TestPair } from '../support/test-ca.ts';
import type { Hosts } from './deployment.ts';

/** A client's pair, and the CA that its holder trusts. */
export type Identity = TestPair & { readonly ca: string };

/** Good in itself, and of a CA that no engine here has heard of. */
export function foreignPair(): Identity {
  const { authority, pem } = makeAuthority('Another CA', 'ec-p256');
  return { ...issuePair(authority, 'client', { name: 'ci-uat' }), ca: pem };
}

/** From the CA of these engines, and over. */
export function expiredPair({ caDirectory }: Hosts): Identity {
  const authority = authorityOf(caDirectory);
  // Its life lies within the minutes by which the CA itself is back-dated.
  const minute = 1 / (24 * 60);
  const validity = days(-3 * minute, -2 * minute);
  const pair = issuePair(authority, 'client', { name: 'ci-uat', validity });
  return { ...pair, ca: authority.certificate.pem };
}
