import {
  issueCertificate,
  keptLifetime,
  planValidity,
  privateKeyToPem,
  readCertificationRequest,
} from '@docker-mtls/ca';
import type { Certificate, KeyPair, KeyType, Profile, SubjectAltName } from '@docker-mtls/ca';
import type { Entry, PairRequest, PublishedPair, Store } from '@docker-mtls/ca-directory';
import { makeKey } from './make-key.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

/** What is to be issued; every value is already parsed. */
export type PairOrder = {
  readonly kind: 'server' | 'client';
  readonly name: string;
  readonly groups: readonly string[];
  readonly sans: readonly SubjectAltName[];
  /** A certificate request whose key is signed; without one a key is made. */
  readonly csr?: Buffer | undefined;
  /** Seconds; the profile's when not given. */
  readonly lifetime?: number | undefined;
  readonly keyType?: KeyType | undefined;
  /** A key that is there and stays; without one, and without a request, a key is made. */
  readonly keyPair?: KeyPair | undefined;
  readonly force: boolean;
};

export type IssuedPair = PublishedPair & {
  readonly certificate: Certificate;
  /** The pair that it replaced. */
  readonly former?: Entry | undefined;
};

/** A signed pair that is neither recorded nor on the disk yet. */
export type PreparedPair = {
  readonly order: PairOrder;
  readonly certificate: Certificate;
  readonly keyPem: string | undefined;
};

/** Makes a key (or takes a request's) and signs its certificate: the slow part, before the lock is taken. */
export async function preparePair(
  session: Session,
  order: PairOrder,
  known: { readonly profile?: Profile; readonly former?: Entry } = {},
): Promise<PreparedPair> {
  const profile = known.profile ?? (await session.reader.profile(order.kind));
  const key =
    order.csr === undefined
      ? (order.keyPair ?? makeKey(order.keyType ?? profile.keyType, session.caller))
      : readCertificationRequest(order.csr);
  const authority = await session.authority();
  const former = known.former ?? (await session.reader.current(order.kind, order.name));
  const certificate = issueCertificate(authority, {
    profile,
    commonName: order.name,
    groups: order.groups,
    sans: order.sans,
    publicKey: key.publicKey,
    validity: planValidity({
      profile: former === undefined ? profile : await lastingAs(former, profile, session),
      lifetime: order.lifetime,
      issuer: authority.certificate,
      now: session.caller.now(),
    }),
  });
  return { order, certificate, keyPem: 'privateKey' in key ? privateKeyToPem(key) : undefined };
}

const SHORTEST = 60;

/**
 * A pair that replaces another lasts as long as that one did. One that ended with its CA says nothing of that, also where
 * the CA has been renewed or rotated since and ends later.
 */
async function lastingAs(former: Entry, profile: Profile, { reader }: Session): Promise<Profile> {
  const lifetime = keptLifetime(former, profile.backdate);
  if (lifetime === profile.lifetime || lifetime < SHORTEST) return profile;
  const end = former.notAfter.getTime();
  const authorities = await reader.entries({ kind: 'ca', all: true });
  const endsWithCa = authorities.some(({ notAfter }) => notAfter.getTime() === end);
  return endsWithCa ? profile : { ...profile, lifetime };
}

/** Records and publishes a prepared pair. */
export async function publishPrepared(
  store: Store,
  prepared: PreparedPair,
  session: Session,
): Promise<IssuedPair> {
  const { order, certificate } = prepared;
  const former = await store.current(order.kind, order.name);
  return { ...(await store.publishPair(requestOf(prepared, session))), certificate, former };
}

/** What the CA directory is asked for a prepared pair. */
export function requestOf({ order, certificate, keyPem }: PreparedPair, { caller }: Session): PairRequest {
  const { kind, name, force } = order;
  return { kind, name, force, certificate, keyPem, operator: caller.operator, now: caller.now() };
}

/** Issues one pair, from its key to its place in the CA directory. */
export async function issuePair(session: Session, order: PairOrder): Promise<IssuedPair> {
  return withCurrentCa(session, async () => {
    const prepared = await preparePair(session, order);
    return session.exclusive((store) => publishPrepared(store, prepared, session));
  });
}
