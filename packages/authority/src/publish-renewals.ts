import { isMtlsError } from '@docker-mtls/errors';
import { explainSystemError } from '@docker-mtls/files';
import type { Store } from '@docker-mtls/ca-directory';
import { requestOf } from './issue-pair.ts';
import type { PreparedPair } from './issue-pair.ts';
import { inForce, inLookups, keyOfPair } from './prepare-renewal.ts';
import type { RenewablePair } from './renewal-plan.ts';
import type { FailedPair, RenewedPair, RenewOrder } from './renewed.ts';
import type { Session } from './session.ts';
import { isCaChanged } from './with-current-ca.ts';

/** A signed renewal, and the certificate in force that it is to replace. */
export type PreparedRenewal = PreparedPair & { readonly former: RenewablePair };

export type RenewedBatch = {
  readonly renewed: readonly RenewedPair[];
  readonly failed: readonly FailedPair[];
};

type Publishing = {
  readonly prepared: readonly PreparedRenewal[];
  readonly failed: readonly FailedPair[];
  readonly order: RenewOrder;
};

/** As one change; where that is refused, one by one, to find out which of them are. */
export async function publishRenewals(
  store: Store,
  session: Session,
  { prepared, failed, order }: Publishing,
): Promise<RenewedBatch> {
  const wanted = await stillInForce(store, prepared);
  if (order.expectsHooks === true)
    await store.expectHooks(
      wanted.map(({ certificate }) => certificate.info.serial),
      session.caller.now(),
    );
  const all = await publish(store, session, wanted);
  const results =
    'renewed' in all || wanted.length < 2 || isRecorded(all)
      ? [all]
      : await publishOneByOne(store, session, wanted);
  const outcome = {
    renewed: results.flatMap((result) => ('renewed' in result ? result.renewed : [])),
    failed: [...failed, ...results.flatMap((result) => ('failed' in result ? result.failed : []))],
  };
  await recordFailed(store, session, outcome.failed);
  return outcome;
}

/** They are on record, and the next command that opens the CA directory puts their files in place. */
function isRecorded({ failed }: { readonly failed: readonly FailedPair[] }): boolean {
  return failed.some(({ code }) => code === 'CA_DIRECTORY_UNPUBLISHED');
}

/** What another command has not replaced meanwhile. */
async function stillInForce(
  store: Store,
  prepared: readonly PreparedRenewal[],
): Promise<readonly PreparedRenewal[]> {
  const still: PreparedRenewal[] = [];
  for (const some of inLookups(prepared)) {
    const current = await inForce(
      store,
      some.map(({ order }) => order),
    );
    still.push(
      ...some.filter(({ order, former }) => current.get(keyOfPair(order))?.serial === former.serial),
    );
  }
  return still;
}

async function publishOneByOne(
  store: Store,
  session: Session,
  wanted: readonly PreparedRenewal[],
): Promise<readonly Published[]> {
  const results: Published[] = [];
  for (const one of wanted) results.push(await publish(store, session, [one]));
  return results;
}

type Published = { readonly renewed: readonly RenewedPair[] } | { readonly failed: readonly FailedPair[] };

async function publish(
  store: Store,
  session: Session,
  wanted: readonly PreparedRenewal[],
): Promise<Published> {
  try {
    const pairs = await store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return {
      renewed: wanted.flatMap(({ order: { kind, name }, certificate: { info }, former }, index) => {
        const pair = pairs[index];
        if (pair === undefined) return [];
        const { serial, notAfter } = info;
        const { directory } = pair;
        return [{ kind, name, serial, notAfter, replaces: former.serial, directory }];
      }),
    };
  } catch (error) {
    if (isCaChanged(error)) throw error;
    return { failed: wanted.map(({ former }) => failureOf(former, error)) };
  }
}

/** What a user can put right is a failure of that pair; a bug is thrown. */
export function failureOf({ kind, name, serial }: RenewablePair, error: unknown): FailedPair {
  const explained = explainSystemError(error);
  if (!isMtlsError(explained)) throw error;
  const { code, message, hint } = explained;
  return { kind, name, serial, code, message, hint };
}

export async function recordFailed(
  store: Store,
  { caller }: Session,
  failed: readonly FailedPair[],
): Promise<void> {
  if (failed.length > 0) await store.recordFailures({ failed, operator: caller.operator, now: caller.now() });
}
