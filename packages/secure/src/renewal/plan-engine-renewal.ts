import { requireCurrent } from '@docker-mtls/authority';
import { judgePairs, whyWaiting } from '@docker-mtls/authority/renewal';
import type { Session } from '@docker-mtls/authority';
import type {
  DailyWindow,
  PairOf,
  RenewablePair,
  RenewalSelection,
  SkippedPair,
} from '@docker-mtls/authority/renewal';
import type { Entry } from '@docker-mtls/ca-directory';
import type { HostUnit, LocalEngine } from '@docker-mtls/engine';
import { postponedBy, presentedEarlier, servedBy, unitOf } from './engine-pair.ts';
import type { Postponed } from './engine-pair.ts';

/** Which engine is to get its new pair, and when. */
export type EngineRenewalOrder = {
  readonly engine: LocalEngine;
  readonly selection: RenewalSelection;
  /** The hours at which the engine may be restarted. */
  readonly window: DailyWindow | undefined;
  readonly isDryRun: boolean;
};

/** What of a renewal concerns the engine. */
export type EngineRenewalPlan = {
  readonly engine: LocalEngine;
  readonly unit: HostUnit;
  /** The server that it is. */
  readonly name: string;
  /** Its pair, where it is to be renewed, or to be read by the engine. */
  readonly pair: RenewablePair | undefined;
  /** Has an earlier run renewed it? */
  readonly isIssued: boolean;
  readonly postponed: readonly Postponed[];
  readonly skipped: readonly SkippedPair[];
};

/** Finds the engine, and what of the renewal concerns it. Throws `HOST_NO_SYSTEMD`, and `PAIR_NOT_SERVED`. */
export async function planEnginePair(
  session: Session,
  order: EngineRenewalOrder,
): Promise<EngineRenewalPlan> {
  const { engine, window, isDryRun, selection } = order;
  const unit = await unitOf(engine, session.caller, isDryRun);
  const name = await servedBy(engine, session);
  const none = { engine, unit, name, pair: undefined, isIssued: false, postponed: [], skipped: [] };
  const { planned, isSkipped } = await judgementOf(session, selection, name);
  if (planned !== undefined) {
    const postponed = postponedBy(window, await inUse(session, order, name), session.caller);
    return postponed === undefined ? { ...none, pair: planned } : { ...none, postponed: [postponed] };
  }
  return isSkipped || !isMeant(selection, name) ? none : { ...none, ...(await unread(session, order, name)) };
}

/** The certificate that the engine keeps where it waits for its window. */
async function inUse(session: Session, { engine, window }: EngineRenewalOrder, name: string): Promise<Entry> {
  const current = await requireCurrent(session.reader, 'server', name);
  return (window && (await presentedEarlier(engine, current, session))) ?? current;
}

type Judgement = { readonly planned: RenewablePair | undefined; readonly isSkipped: boolean };

async function judgementOf(
  { reader, caller }: Session,
  selection: RenewalSelection,
  name: string,
): Promise<Judgement> {
  const isIt = (pair: PairOf): boolean => pair.kind === 'server' && pair.name === name;
  let isSkipped = false;
  const isSweep = typeof selection.of === 'string' && selection.kind === undefined;
  // There may be a hundred thousand clients, and few servers.
  const meant = isSweep ? { ...selection, kind: 'server' as const } : selection;
  for await (const judged of judgePairs(reader, meant, caller.now())) {
    if ('renewing' in judged && isIt(judged.renewing)) return { planned: judged.renewing, isSkipped: false };
    isSkipped ||= 'skipped' in judged && isIt(judged.skipped);
  }
  return { planned: undefined, isSkipped };
}

function isMeant({ of, kind }: RenewalSelection, name: string): boolean {
  if (kind === 'client') return false;
  return typeof of === 'string' || of.some((pair) => pair.kind === 'server' && pair.name === name);
}

/** An earlier run, or another command, has renewed the pair, and the engine has not read it. */
async function unread(
  session: Session,
  { engine, window, selection }: EngineRenewalOrder,
  name: string,
): Promise<Partial<EngineRenewalPlan>> {
  const { reader, caller } = session;
  const current = await requireCurrent(reader, 'server', name);
  const presented = await presentedEarlier(engine, current, session);
  if (presented === undefined) return {};
  const postponed = postponedBy(window, presented, caller);
  if (postponed !== undefined) return { postponed: [postponed] };
  const failures = await reader.renewalFailures();
  const failure = failures.find(({ serial }) => serial === current.serial);
  const waiting = selection.of === 'due' ? whyWaiting(current, failure, caller.now()) : undefined;
  if (waiting !== undefined) return { skipped: [waiting] };
  const { serial, notAfter, keyType } = current;
  return { pair: { kind: 'server', name, serial, notAfter, keyType }, isIssued: true };
}
