import { createCrl } from '@docker-mtls/ca';
import type { Authority, RevocationReason } from '@docker-mtls/ca';
import { caChanged, keyIdOf } from '@docker-mtls/ca-directory';
import type { ListRequest, RevocationList, StoreReader } from '@docker-mtls/ca-directory';
import { findTargets, withSharedKeys } from './revocation-target.ts';
import type { FoundTarget, RevocationSubject } from './revocation-target.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

export type RevokeOrder = {
  readonly subject: RevocationSubject;
  readonly reason: RevocationReason;
  /** Leave the published files, and the key, where they are. */
  readonly keepFiles: boolean;
};

/** What a revocation would do, or has done. */
export type RevocationPlan = {
  /** Revoked by this order. */
  readonly revoking: readonly FoundTarget[];
  /** Revoked before. */
  readonly before: readonly FoundTarget[];
};

export type Revoked = RevocationPlan & {
  /** The lists that say so, of each key that had issued one of them; none when nothing was to be revoked. */
  readonly lists: readonly RevocationList[];
};

/** Finds what an order would revoke. Codes: as `findTargets`. */
export async function planRevocation(
  store: StoreReader,
  { subject, reason }: RevokeOrder,
  now: Date,
): Promise<RevocationPlan> {
  const found = await findTargets(store, subject, now);
  const targets = reason === 'keyCompromise' ? await withSharedKeys(store, found, now) : found;
  const revoking: FoundTarget[] = [];
  const before: FoundTarget[] = [];
  for (const target of targets) {
    const former = await store.revocation(target.serial);
    const isBefore = former !== undefined && (reason !== 'keyCompromise' || former.reason === reason);
    (isBefore ? before : revoking).push(target);
  }
  return { revoking, before };
}

/**
 * Revokes certificates: the registry and the list first, then the files. What was revoked before is finished if a
 * command was killed then. The CA key is needed where something new is revoked.
 */
export async function revoke(session: Session, order: RevokeOrder): Promise<Revoked> {
  const { caller, reader } = session;
  return withCurrentCa(session, async () => {
    const planned = await planRevocation(reader, order, caller.now());
    const isNew = planned.revoking.length > 0;
    const authorities = isNew ? await session.authorities() : [];
    return session.exclusive(async (store) => {
      const now = caller.now();
      // Again: a certificate of that name may have been issued while the passphrase was typed.
      const { revoking, before } = await planRevocation(store, order, now);
      const plan = { revoking: isNew ? revoking : [], before };
      const { reason, keepFiles } = order;
      const targets = [...plan.revoking, ...plan.before];
      const signing = await listRequest(session, authorities, store);
      return { ...plan, lists: await store.revoke({ ...signing, targets, reason, keepFiles }) };
    });
  });
}

/**
 * Makes the next revocation list of every trusted key, that of the CA that signs first; `lifetime` in seconds, that of the
 * one before where it is not given.
 */
export async function issueLists(session: Session, lifetime?: number): Promise<readonly RevocationList[]> {
  return withCurrentCa(session, async () => {
    const authorities = await session.authorities();
    return session.exclusive(async (store) => {
      const milliseconds = lifetime === undefined ? undefined : lifetime * 1000;
      const request = { ...(await listRequest(session, authorities, store)), lifetime: milliseconds };
      const signing = await listIssuer(store);
      const lists = await store.issueLists(request);
      return lists.toSorted(
        (one, other) => Number(other.issuer === signing) - Number(one.issuer === signing),
      );
    });
  });
}

/** Key identifier of the CA that signs, by which its lists are found. */
export async function listIssuer(store: StoreReader): Promise<string> {
  const { certificate } = await store.authority();
  return keyIdOf(certificate);
}

/** What the CA directory needs to make lists with these keys. */
export async function listRequest(
  { caller }: Pick<Session, 'caller'>,
  authorities: readonly Authority[],
  store: StoreReader,
): Promise<Omit<ListRequest, 'lifetime'>> {
  const now = caller.now();
  warnOfClock(await store.revocationList(await listIssuer(store)), now, caller.note);
  return {
    now,
    operator: caller.operator,
    sign: (list, issuer) => {
      const authority = authorities.find(({ certificate }) => keyIdOf(certificate) === issuer);
      if (authority === undefined) throw caChanged();
      return createCrl(authority, list).pem;
    },
  };
}

/** A revocation is never put off because of a clock, but a list that begins or ends at the wrong time is worth a word. */
function warnOfClock(former: RevocationList | undefined, now: Date, note: Session['caller']['note']): void {
  if (former === undefined || former.thisUpdate <= now) return;
  note?.({
    kind: 'warning',
    message: `the newest revocation list is of ${former.thisUpdate.toISOString()}, and the clock of this machine says ${now.toISOString()}: if it is behind, set it, then run docker-mtls crl`,
  });
}
