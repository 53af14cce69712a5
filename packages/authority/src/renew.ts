import { KEY_TYPES, readKeyPair } from '@docker-mtls/ca';
import type { KeyPair, Profile } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { explainSystemError } from '@docker-mtls/files';
import type { Entry, Store, StoreReader } from '@docker-mtls/ca-directory';
import type { LeafKind } from '@docker-mtls/registry';
import { inPlace } from './finish-publishing.ts';
import { batchSize } from './issue-pairs.ts';
import { preparePair, requestOf } from './issue-pair.ts';
import type { PairOrder, PreparedPair } from './issue-pair.ts';
import { lostKey, planRenewal } from './renewal-plan.ts';
import type { PairOf, RenewablePair, RenewalPlan, RenewalSelection } from './renewal-plan.ts';
import type { Session } from './session.ts';
import { isCaChanged, withCurrentCa } from './with-current-ca.ts';

/** A pair that took the place of one with the same names, groups and lifetime. */
export type RenewedPair = PairOf & {
  readonly serial: string;
  readonly notAfter: Date;
  /** Serial of the one before. */
  readonly replaces: string;
  readonly directory: string;
  readonly files: { readonly ca: string; readonly certificate: string; readonly key?: string };
};

/** A pair that could not be renewed, though it should have been. It is on record, and `due` waits before the next attempt. */
export type FailedPair = PairOf & {
  /** Of the certificate that is still in force. */
  readonly serial: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
};

export type Renewed = Pick<RenewalPlan, 'skipped'> & {
  readonly renewed: readonly RenewedPair[];
  readonly failed: readonly FailedPair[];
};

export type RenewOrder = RenewalSelection & {
  /** Has a hook to follow each pair: that is on record before the pair is published. */
  readonly expectsHooks?: boolean | undefined;
};

/**
 * Renews pairs: the CA is unlocked once, keys and certificates are made without the lock, and many pairs are one change.
 * What another command has replaced or revoked meanwhile stays as that left it. A pair that fails does not keep the
 * others from being renewed; where the CA key cannot be had, all of them have failed, and the error is thrown.
 */
export async function renew(session: Session, order: RenewOrder): Promise<Renewed> {
  const { renewing, skipped } = await planRenewal(session.reader, order, session.caller.now());
  return { ...(await renewAll(session, order, renewing)), skipped };
}

/** The same of pairs that were planned before. */
export async function renewAll(
  session: Session,
  order: RenewOrder,
  renewing: readonly RenewablePair[],
): Promise<Omit<Renewed, 'skipped'>> {
  const renewed: RenewedPair[] = [];
  const failed: FailedPair[] = [];
  if (renewing.length > 0) await orAllFail(session, renewing, () => session.authority());
  const size = batchSize(renewing.map(({ keyType }) => keyType));
  for (let start = 0; start < renewing.length; start += size) {
    const batch = renewing.slice(start, start + size);
    const result = await orAllFail(session, batch, () =>
      withCurrentCa(session, () => renewBatch(session, order, batch)),
    );
    renewed.push(...result.renewed);
    failed.push(...result.failed);
    if (renewing.length > size) tellProgress(session, start + batch.length, renewing.length);
  }
  return { renewed, failed };
}

function tellProgress({ caller }: Session, done: number, of: number): void {
  caller.note?.({ kind: 'progress', message: `renewed ${done} of ${of}…`, part: { done, of } });
}

type Prepared = PreparedPair & { readonly former: RenewablePair };
type Batch = Omit<Renewed, 'skipped'>;

async function renewBatch(
  session: Session,
  order: RenewOrder,
  batch: readonly RenewablePair[],
): Promise<Batch> {
  const profiles = new Map<LeafKind, Profile>();
  const prepared: Prepared[] = [];
  const failed: FailedPair[] = [];
  const current = await inForce(session.reader, batch);
  for (const pair of batch)
    try {
      const one = await prepareEntry(session, current.get(keyOfPair(pair)), { ...order, pair, profiles });
      if (one !== undefined) prepared.push({ ...one, former: pair });
    } catch (error) {
      failed.push(failure(pair, error));
    }
  const published = await session.exclusive((store) =>
    publishAll(store, session, { prepared, failed, order }),
  );
  return published;
}

/** The certificates in force under these names, by one look for each kind. */
async function inForce(
  reader: Pick<StoreReader, 'entries'>,
  pairs: readonly PairOf[],
): Promise<ReadonlyMap<string, Entry>> {
  const found = new Map<string, Entry>();
  for (const kind of ['server', 'client'] as const) {
    const names = pairs.filter((pair) => pair.kind === kind).map(({ name }) => name);
    if (names.length === 0) continue;
    for (const entry of await reader.entries({ kind, names }))
      found.set(keyOfPair({ kind, name: entry.name }), entry);
  }
  return found;
}

function keyOfPair({ kind, name }: PairOf): string {
  return `${kind} ${name}`;
}

/** Makes the key and signs the certificate of a renewal; nothing, where the pair is not the one in force any more. */
export async function prepareRenewal(
  session: Session,
  pair: RenewablePair,
  order: Pick<RenewOrder, 'keepKey' | 'csr'>,
): Promise<PreparedPair | undefined> {
  const current = await session.reader.current(pair.kind, pair.name);
  return prepareEntry(session, current, { ...order, pair, profiles: new Map() });
}

type Preparing = Pick<RenewOrder, 'keepKey' | 'csr'> & {
  readonly pair: RenewablePair;
  readonly profiles: Map<LeafKind, Profile>;
};

async function prepareEntry(
  session: Session,
  current: Entry | undefined,
  { pair: { kind, name, serial }, keepKey, csr, profiles }: Preparing,
): Promise<PreparedPair | undefined> {
  if (current?.serial !== serial) return undefined;
  const entry = await inPlace(session, current);
  const { sans, subject, keyType } = entry.certificate().info;
  const profile = profiles.get(kind) ?? (await session.reader.profile(kind));
  profiles.set(kind, profile);
  const order: PairOrder = {
    kind,
    name,
    groups: subject.organizationalUnits,
    sans,
    csr,
    keyType: KEY_TYPES.find((type) => type === keyType),
    keyPair: keepKey ? keyOf(entry) : undefined,
    force: true,
  };
  return preparePair(session, order, { profile, former: entry });
}

function keyOf(entry: Entry): KeyPair {
  const { key } = entry.directory === undefined ? {} : entry.read();
  if (key === undefined) throw lostKey(entry);
  return readKeyPair(key.toString('utf8'));
}

type Publishing = {
  readonly prepared: readonly Prepared[];
  readonly failed: readonly FailedPair[];
  readonly order: RenewOrder;
};

/** As one change; where that is refused, one by one, to find out which of them are. */
async function publishAll(
  store: Store,
  session: Session,
  { prepared, failed, order }: Publishing,
): Promise<Batch> {
  const wanted = await stillInForce(store, prepared);
  if (order.expectsHooks === true)
    await store.expectHooks(
      wanted.map(({ certificate }) => certificate.info.serial),
      session.caller.now(),
    );
  const all = await publish(store, session, wanted);
  const results =
    'renewed' in all || wanted.length < 2 ? [all] : await publishOneByOne(store, session, wanted);
  const outcome = {
    renewed: results.flatMap((result) => ('renewed' in result ? result.renewed : [])),
    failed: [...failed, ...results.flatMap((result) => ('failed' in result ? result.failed : []))],
  };
  await recordFailed(store, session, outcome.failed);
  return outcome;
}

/** What another command has not replaced meanwhile. */
async function stillInForce(store: Store, prepared: readonly Prepared[]): Promise<readonly Prepared[]> {
  const current = await inForce(
    store,
    prepared.map(({ order }) => order),
  );
  return prepared.filter(({ order, former }) => current.get(keyOfPair(order))?.serial === former.serial);
}

async function publishOneByOne(
  store: Store,
  session: Session,
  wanted: readonly Prepared[],
): Promise<readonly Published[]> {
  const results: Published[] = [];
  for (const one of wanted) results.push(await publish(store, session, [one]));
  return results;
}

type Published = { readonly renewed: readonly RenewedPair[] } | { readonly failed: readonly FailedPair[] };

async function publish(store: Store, session: Session, wanted: readonly Prepared[]): Promise<Published> {
  try {
    const pairs = await store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return {
      renewed: wanted.flatMap(({ order: { kind, name }, certificate: { info }, former }, index) => {
        const pair = pairs[index];
        if (pair === undefined) return [];
        const { serial, notAfter } = info;
        const { directory, files } = pair;
        return [{ kind, name, serial, notAfter, replaces: former.serial, directory, files }];
      }),
    };
  } catch (error) {
    if (isCaChanged(error)) throw error;
    return { failed: wanted.map(({ former }) => failure(former, error)) };
  }
}

/** What a user can put right is a failure of that pair; a bug is thrown. */
function failure({ kind, name, serial }: RenewablePair, error: unknown): FailedPair {
  const explained = explainSystemError(error);
  if (!isMtlsError(explained)) throw error;
  const { code, message, hint } = explained;
  return { kind, name, serial, code, message, hint };
}

async function recordFailed(store: Store, { caller }: Session, failed: readonly FailedPair[]): Promise<void> {
  if (failed.length > 0) await store.recordFailures({ failed, operator: caller.operator, now: caller.now() });
}

/** An error that is none of one pair, such as a wrong passphrase, is a failed attempt for each of them. */
async function orAllFail<T>(
  session: Session,
  pairs: readonly RenewablePair[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isMtlsError(explainSystemError(error))) throw error;
    const failed = pairs.map((pair) => failure(pair, error));
    try {
      await session.exclusive((store) => recordFailed(store, session, failed));
    } catch {
      // A CA directory that cannot be written has no place for it; the error itself is thrown.
    }
    throw error;
  }
}

/** Records that a pair could not be renewed, of a caller that published it by itself. */
export async function recordFailure(session: Session, failed: FailedPair): Promise<void> {
  await session.exclusive((store) => recordFailed(store, session, [failed]));
}
