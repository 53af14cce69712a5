import { inPlace, preparePair, requestOf, requireCurrent, withFormerNames } from '@docker-mtls/authority';
import type { PairOrder, PreparedPair, Session } from '@docker-mtls/authority';
import type { Entry, Store } from '@docker-mtls/ca-directory';
import type { PairStep } from './step.ts';
import { whyIssue } from './why-issue.ts';
import type { Why, WhyIssue } from './why-issue.ts';

/**
 * Prepares every pair that is missing, then publishes them all as one change: those that another run has not published
 * meanwhile.
 */
export async function issueMissing(
  session: Session,
  orders: readonly PairOrder[],
  why: WhyIssue = whyIssue,
): Promise<readonly PairStep[]> {
  const states: PairState[] = [];
  for (const order of orders) states.push(await pairState(session, order, why));
  const missing = states.filter((state) => state.why !== undefined);
  const prepared: PreparedPair[] = [];
  for (const { order } of missing) prepared.push(await preparePair(session, order));
  const published = prepared.length === 0 ? [] : await publish(session, prepared, why);
  const steps: PairStep[] = [];
  for (const state of states) {
    const { serial } = await requireCurrent(session.reader, state.order.kind, state.order.name);
    steps.push(await pairStep(session, published.includes(serial) ? state : { ...state, why: undefined }));
  }
  return steps;
}

/** Returns the serials of those that had to be published. */
function publish(
  session: Session,
  prepared: readonly PreparedPair[],
  why: WhyIssue,
): Promise<readonly string[]> {
  return session.exclusive(async (store) => {
    const now = session.caller.now();
    const wanted: PreparedPair[] = [];
    for (const pair of prepared) wanted.push(...(await stillMissing(pair, { store, now, why })));
    await store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return wanted.map(({ certificate }) => certificate.info.serial);
  });
}

/** The pair as it is to be published; nothing when another run has published one meanwhile that does. */
async function stillMissing(
  pair: PreparedPair,
  { store, now, why }: { readonly store: Store; readonly now: Date; readonly why: WhyIssue },
): Promise<readonly PreparedPair[]> {
  const { order } = pair;
  const entry = await store.current(order.kind, order.name);
  if (why(order, entry, now) === undefined) return [];
  return [{ ...pair, order: { ...order, force: entry !== undefined } }];
}

export type PairState = { readonly order: PairOrder; readonly why: Why | undefined };

/** What has to be done for a pair. A new one keeps the names and groups of the one before. */
export async function pairState(
  session: Session,
  order: PairOrder,
  why: WhyIssue = whyIssue,
): Promise<PairState> {
  const entry = await standing(session, order);
  const pair = withFormerNames({ ...order, force: entry !== undefined }, entry);
  return { order: pair, why: why(order, entry, session.caller.now()) };
}

/** What a killed command has on record and not in place is put there, not issued once more. */
async function standing(session: Session, { kind, name }: PairOrder): Promise<Entry | undefined> {
  const entry = await session.reader.current(kind, name);
  return entry && inPlace(session, entry);
}

/** What became of a pair, once it is published. */
export async function pairStep(
  { reader }: Session,
  { order: { kind, name }, why }: PairState,
): Promise<PairStep> {
  const { notAfter } = await requireCurrent(reader, kind, name);
  return why === undefined
    ? { step: kind, name, outcome: 'kept', notAfter }
    : { step: kind, name, outcome: 'made', notAfter, why };
}
