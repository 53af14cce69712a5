import { KEY_TYPES, readKeyPair } from '@docker-mtls/ca';
import type { Certificate, KeyPair } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { inPlace } from './finish-publishing.ts';
import { BATCH } from './issue-clients.ts';
import { preparePair, requestOf } from './issue-pair.ts';
import type { PairOrder, PreparedPair } from './issue-pair.ts';
import { lostKey, planRenewal } from './renewal-plan.ts';
import type { RenewalPlan, RenewalSelection } from './renewal-plan.ts';
import type { Session } from './session.ts';

/** A pair that took the place of one with the same names, groups and lifetime. */
export type RenewedPair = {
  readonly kind: LeafKind;
  readonly name: string;
  readonly certificate: Certificate;
  readonly replaces: Entry;
  readonly directory: string;
};

export type Renewed = Pick<RenewalPlan, 'skipped'> & { readonly renewed: readonly RenewedPair[] };

type Prepared = PreparedPair & { readonly former: Entry };

/**
 * Renews pairs: the CA is unlocked once, keys and certificates are made without the lock, and many pairs are one change.
 * What another command has replaced or revoked meanwhile stays as that left it.
 */
export async function renew(session: Session, selection: RenewalSelection): Promise<Renewed> {
  const { renewing, skipped } = planRenewal(session.reader, selection, session.caller.now());
  const renewed: RenewedPair[] = [];
  for (let start = 0; start < renewing.length; start += BATCH) {
    const prepared: Prepared[] = [];
    for (const entry of renewing.slice(start, start + BATCH))
      prepared.push(await prepare(session, entry, selection));
    renewed.push(...publishAll(session, prepared));
    if (renewing.length > BATCH)
      session.caller.note?.({
        kind: 'progress',
        message: `renewed ${renewed.length} of ${renewing.length}…`,
      });
  }
  return { renewed, skipped };
}

async function prepare(session: Session, former: Entry, { keepKey }: RenewalSelection): Promise<Prepared> {
  const entry = inPlace(session, former);
  const { sans, subject, keyType } = entry.certificate().info;
  const kind = entry.kind === 'server' ? 'server' : 'client';
  const order: PairOrder = {
    kind,
    name: entry.name,
    groups: subject.organizationalUnits,
    sans,
    keyType: KEY_TYPES.find((type) => type === keyType),
    keyPair: keepKey ? keyOf(entry) : undefined,
    force: true,
  };
  return { ...(await preparePair(session, order)), former: entry };
}

function keyOf(entry: Entry): KeyPair {
  const { key } = entry.directory === undefined ? {} : entry.read();
  if (key === undefined) throw lostKey(entry);
  return readKeyPair(key.toString('utf8'));
}

function publishAll(session: Session, prepared: readonly Prepared[]): readonly RenewedPair[] {
  return session.exclusive((store) => {
    const wanted = prepared.filter(
      ({ order, former }) => store.current(order.kind, order.name)?.serial === former.serial,
    );
    const pairs = store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return wanted.map(({ order: { kind, name }, certificate, former }, index) => ({
      kind,
      name,
      certificate,
      replaces: former,
      directory: pairs[index]?.directory ?? '',
    }));
  });
}
