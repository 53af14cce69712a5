import type { Profile } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { explainSystemError } from '@docker-mtls/files';
import type { LeafKind } from '@docker-mtls/registry';
import { batchSize } from './issue-pairs.ts';
import { inForce, keyOfPair, prepareEntry } from './prepare-renewal.ts';
import { failureOf, publishRenewals, recordFailed } from './publish-renewals.ts';
import type { PreparedRenewal, RenewedBatch } from './publish-renewals.ts';
import { planRenewal } from './renewal-plan.ts';
import type { RenewablePair } from './renewal-plan.ts';
import type { FailedPair, Renewed, RenewedPair, RenewOrder } from './renewed.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

/** Keys and certificates of a batch are in memory together, with those in force: larger ones take more, and are no faster. */
const BATCH_OF_RENEWALS = 500;

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
): Promise<RenewedBatch> {
  const renewed: RenewedPair[] = [];
  const failed: FailedPair[] = [];
  if (renewing.length > 0) await orAllFail(session, renewing, () => session.authority());
  const size = Math.min(BATCH_OF_RENEWALS, batchSize(renewing.map(({ keyType }) => keyType)));
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

async function renewBatch(
  session: Session,
  order: RenewOrder,
  batch: readonly RenewablePair[],
): Promise<RenewedBatch> {
  const profiles = new Map<LeafKind, Profile>();
  const prepared: PreparedRenewal[] = [];
  const failed: FailedPair[] = [];
  const current = await inForce(session.reader, batch);
  for (const pair of batch)
    try {
      const one = await prepareEntry(session, current.get(keyOfPair(pair)), { ...order, pair, profiles });
      if (one !== undefined) prepared.push({ ...one, former: pair });
    } catch (error) {
      failed.push(failureOf(pair, error));
    }
  const published = await session.exclusive((store) =>
    publishRenewals(store, session, { prepared, failed, order }),
  );
  return published;
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
    const failed = pairs.map((pair) => failureOf(pair, error));
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
