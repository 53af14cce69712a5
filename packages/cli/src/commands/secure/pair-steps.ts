import { inPlace, preparePair, requestOf, requireCurrent, withFormerNames } from '@docker-mtls/authority';
import type { PairOrder, PreparedPair } from '@docker-mtls/authority';
import type { Entry, Store } from '@docker-mtls/ca-directory';
import type { CliSession } from '../../ca/session.ts';
import { moment } from '@docker-mtls/text';
import type { Step } from './step.ts';
import { whyIssue } from './wanted.ts';

/** Why a pair has to be issued, in words; `undefined` when the one there is does. */
export type Why = (order: PairOrder, entry: Entry | undefined, now: Date) => string | undefined;

/**
 * Prepares every pair that is missing, then publishes them all as one change: those that another run has not published
 * meanwhile.
 */
export async function pairSteps(
  session: CliSession,
  orders: readonly PairOrder[],
  why: Why = whyIssue,
): Promise<readonly Step[]> {
  const states: PairState[] = [];
  for (const order of orders) states.push(await pairState(session, order, why));
  const missing = states.filter((state) => state.why !== undefined);
  const prepared: PreparedPair[] = [];
  for (const { order } of missing) prepared.push(await preparePair(session, order));
  if (prepared.length === 0) return pairStepsOf(session, states);
  const published = await session.exclusive(async (store) => {
    const now = session.io.now();
    const wanted: PreparedPair[] = [];
    for (const pair of prepared) wanted.push(...(await stillMissing(pair, { store, now, why })));
    await store.publishPairs(wanted.map((pair) => requestOf(pair, session)));
    return wanted.map(({ certificate }) => certificate.info.serial);
  });
  const outcomes: PairState[] = [];
  for (const state of states) {
    const { serial } = await requireCurrent(session.reader, state.order.kind, state.order.name);
    outcomes.push(published.includes(serial) ? state : { ...state, why: undefined });
  }
  return pairStepsOf(session, outcomes);
}

async function pairStepsOf(session: CliSession, states: readonly PairState[]): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const state of states) steps.push(await pairStep(session, state));
  return steps;
}

/** The pair as it is to be published; nothing when another run has published one meanwhile that does. */
async function stillMissing(
  pair: PreparedPair,
  { store, now, why }: { readonly store: Store; readonly now: Date; readonly why: Why },
): Promise<readonly PreparedPair[]> {
  const { order } = pair;
  const entry = await store.current(order.kind, order.name);
  if (why(order, entry, now) === undefined) return [];
  return [{ ...pair, order: { ...order, force: entry !== undefined } }];
}

export type PairState = { readonly order: PairOrder; readonly why: string | undefined };

export async function pairState(
  session: CliSession,
  order: PairOrder,
  why: Why = whyIssue,
): Promise<PairState> {
  const entry = await standing(session, order);
  const pair = withFormerNames({ ...order, force: entry !== undefined }, entry);
  return { order: pair, why: why(order, entry, session.io.now()) };
}

/** What a killed command has on record and not in place is put there, not issued once more. */
async function standing(session: CliSession, { kind, name }: PairOrder): Promise<Entry | undefined> {
  const entry = await session.reader.current(kind, name);
  return entry && inPlace(session, entry);
}

/** What became of a pair, once it is published. */
export async function pairStep(
  { reader }: CliSession,
  { order: { kind, name }, why }: PairState,
): Promise<Step> {
  const { notAfter } = await requireCurrent(reader, kind, name);
  const until = moment(notAfter);
  return why === undefined
    ? { step: kind, outcome: 'kept', line: `${kind} ${name}, valid until ${until}` }
    : { step: kind, outcome: 'made', line: `${kind} ${name} issued, valid until ${until} (${why})` };
}
