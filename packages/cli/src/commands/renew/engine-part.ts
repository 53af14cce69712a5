import { judgePairs, whyWaiting } from '@docker-mtls/authority';
import type { PairOf, RenewablePair, RenewalSelection, SkippedPair } from '@docker-mtls/authority';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import { renewEnginePair } from './apply.ts';
import type { EngineRenewal } from './apply.ts';
import { engineHere, postponedBy, presentedEarlier, servedBy, servedPair } from './engine-pair.ts';
import type { EngineHere, Postponed } from './engine-pair.ts';
import type { RenewWords } from './order.ts';

/** What `--apply` has to do with this machine's engine. */
export type EnginePart = {
  readonly here: EngineHere;
  readonly name: string;
  /** Its pair, where it is to be renewed, or to be read by the engine. */
  readonly pair: RenewablePair | undefined;
  /** Has an earlier run renewed it? */
  readonly isIssued: boolean;
  readonly postponed: readonly Postponed[];
  readonly skipped: readonly SkippedPair[];
};

export type Planning = {
  readonly args: Args;
  readonly session: CliSession;
  readonly words: RenewWords;
  readonly selection: RenewalSelection;
};

/** Finds the engine, and what of the plan concerns it. Throws `HOST_NO_SYSTEMD`, and `PAIR_NOT_SERVED`. */
export async function enginePart(planning: Planning): Promise<EnginePart> {
  const { args, session, words } = planning;
  const here = await engineHere(args, session.io, words.isDryRun);
  const name = await servedBy(here, session);
  const { planned, isSkipped } = await planOf(planning, name);
  const none = { here, name, pair: undefined, isIssued: false, postponed: [], skipped: [] };
  if (planned !== undefined) {
    const postponed = postponedBy(words.window, planned, session.io);
    return postponed === undefined ? { ...none, pair: planned } : { ...none, postponed: [postponed] };
  }
  return isSkipped || !isMeant(planning, name) ? none : { ...none, ...(await unread(planning, here, name)) };
}

type PlanOfOne = { readonly planned: RenewablePair | undefined; readonly isSkipped: boolean };

async function planOf({ session, selection }: Planning, name: string): Promise<PlanOfOne> {
  const isIt = (pair: PairOf): boolean => pair.kind === 'server' && pair.name === name;
  let isSkipped = false;
  const isSweep = typeof selection.of === 'string' && selection.kind === undefined;
  // There may be a hundred thousand clients, and few servers.
  const meant = isSweep ? { ...selection, kind: 'server' as const } : selection;
  for await (const judged of judgePairs(session.reader, meant, session.io.now())) {
    if ('renewing' in judged && isIt(judged.renewing)) return { planned: judged.renewing, isSkipped: false };
    isSkipped ||= 'skipped' in judged && isIt(judged.skipped);
  }
  return { planned: undefined, isSkipped };
}

function isMeant({ selection: { of, kind } }: Planning, name: string): boolean {
  if (kind === 'client') return false;
  return typeof of === 'string' || of.some((pair) => pair.kind === 'server' && pair.name === name);
}

/** An earlier run, or another command, has renewed the pair, and the engine has not read it. */
async function unread(
  { session, words, selection }: Planning,
  here: EngineHere,
  name: string,
): Promise<Partial<EnginePart>> {
  const { reader, io } = session;
  const current = await servedPair(session, name);
  const presented = await presentedEarlier(here, current, session);
  if (presented === undefined) return {};
  const postponed = postponedBy(words.window, presented, io);
  if (postponed !== undefined) return { postponed: [postponed] };
  const failures = await reader.renewalFailures();
  const failure = failures.find(({ serial }) => serial === current.serial);
  const waiting = selection.of === 'due' ? whyWaiting(current, failure, io.now()) : undefined;
  if (waiting !== undefined) return { skipped: [waiting] };
  const { serial, notAfter, keyType } = current;
  return { pair: { kind: 'server', name, serial, notAfter, keyType }, isIssued: true };
}

export const NOT_APPLIED: EngineRenewal = { renewed: [], failed: [], text: '' };

/** Carries it out. */
export async function renewEnginePart(
  { here, pair, isIssued }: EnginePart,
  { args, session, words, expectsHooks }: Planning & { readonly expectsHooks: boolean },
): Promise<EngineRenewal> {
  if (pair === undefined) return NOT_APPLIED;
  const { keepKey } = words;
  return renewEnginePair({ args, session, here, pair, keepKey, expectsHooks, isIssued });
}
