import type { Profile } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { explainSystemError } from '@docker-mtls/files';
import type { LeafKind } from '@docker-mtls/registry';
import { BATCH, batchSize } from './issue-pairs.ts';
import { inForce, inLookups, keyOfPair, prepareEntry } from './prepare-renewal.ts';
import { failureOf, publishRenewals, recordFailed } from './publish-renewals.ts';
import type { PreparedRenewal, RenewedBatch } from './publish-renewals.ts';
import { countMeant, judgePairs } from './renewal-plan.ts';
import type { JudgedPair, RenewablePair, SkippedPair } from './renewal-plan.ts';
import type { FailedPair, Renewed, RenewedPair, RenewOrder } from './renewed.ts';
import type { Session } from './session.ts';
import { withCurrentCa } from './with-current-ca.ts';

/**
 * Renews pairs: the CA is unlocked once, keys and certificates are made without the lock, and many pairs are one change.
 * What another command has replaced or revoked meanwhile stays as that left it. A pair that fails does not keep the
 * others from being renewed; where the CA key cannot be had, all of them have failed, and the error is thrown.
 */
export async function renew(session: Session, order: RenewOrder): Promise<Renewed> {
  const skipped: SkippedPair[] = [];
  const renewed: RenewedPair[] = [];
  const failed: FailedPair[] = [];
  const judged = judgePairs(session.reader, order, session.caller.now());
  for await (const batch of renewBatches(session, order, renewablePairs(judged, skipped))) {
    renewed.push(...batch.renewed);
    failed.push(...batch.failed);
  }
  return { renewed, failed, skipped };
}

/** Those that are to be renewed; the others go to `skipped`. */
export async function* renewablePairs(
  judged: AsyncIterable<JudgedPair>,
  skipped: SkippedPair[],
): AsyncGenerator<RenewablePair> {
  for await (const each of judged)
    if ('renewing' in each) yield each.renewing;
    else skipped.push(each.skipped);
}

/** Renews pairs as they come, batch by batch, so that no more than a batch is in memory. */
export async function* renewBatches(
  session: Session,
  order: RenewOrder,
  pairs: AsyncIterable<RenewablePair>,
): AsyncGenerator<RenewedBatch> {
  const of = await countMeant(session.reader, order, session.caller.now());
  let done = 0;
  let refused: { readonly error: unknown } | undefined;
  for await (const batch of inBatches(pairs)) {
    if (refused === undefined)
      try {
        await session.authority();
        yield await withCurrentCa(session, () => renewBatch(session, order, batch));
      } catch (error) {
        if (!isMtlsError(explainSystemError(error))) throw error;
        refused = { error };
      }
    // An error that is none of one pair, such as a wrong passphrase, is a failed attempt for each of them.
    if (refused !== undefined) await recordRefused(session, batch, refused.error);
    done += batch.length;
    if (of > batch.length) tellProgress(session, done, of);
  }
  if (refused !== undefined) throw refused.error;
}

async function* inBatches(pairs: AsyncIterable<RenewablePair>): AsyncGenerator<readonly RenewablePair[]> {
  let batch: RenewablePair[] = [];
  let size = BATCH;
  for await (const pair of pairs) {
    batch.push(pair);
    size = Math.min(size, batchSize([pair.keyType]));
    if (batch.length < size) continue;
    yield batch;
    batch = [];
    size = BATCH;
  }
  if (batch.length > 0) yield batch;
}

function tellProgress({ caller }: Session, done: number, of: number): void {
  caller.note?.({ kind: 'progress', message: `renewed ${done} of ${of}…`, part: { done, of } });
}

async function renewBatch(
  session: Session,
  order: RenewOrder,
  batch: readonly RenewablePair[],
): Promise<RenewedBatch> {
  const { prepared, failed } = await prepareAll(session, order, batch);
  return session.exclusive((store) => publishRenewals(store, session, { prepared, failed, order }));
}

type Prepared = { readonly prepared: readonly PreparedRenewal[]; readonly failed: readonly FailedPair[] };

async function prepareAll(
  session: Session,
  order: RenewOrder,
  batch: readonly RenewablePair[],
): Promise<Prepared> {
  const profiles = new Map<LeafKind, Profile>();
  const prepared: PreparedRenewal[] = [];
  const failed: FailedPair[] = [];
  for (const pairs of inLookups(batch)) {
    const current = await inForce(session.reader, pairs);
    for (const pair of pairs)
      try {
        const one = await prepareEntry(session, current.get(keyOfPair(pair)), { ...order, pair, profiles });
        if (one !== undefined) prepared.push({ ...one, former: pair });
      } catch (error) {
        failed.push(failureOf(pair, error));
      }
  }
  return { prepared, failed };
}

async function recordRefused(
  session: Session,
  pairs: readonly RenewablePair[],
  error: unknown,
): Promise<void> {
  const failed = pairs.map((pair) => failureOf(pair, error));
  try {
    await session.exclusive((store) => recordFailed(store, session, failed));
  } catch {
    // A CA directory that cannot be written has no place for it; the error itself is thrown.
  }
}

/** Records that a pair could not be renewed, of a caller that published it by itself. */
export async function recordFailure(session: Session, failed: FailedPair): Promise<void> {
  await session.exclusive((store) => recordFailed(store, session, [failed]));
}
