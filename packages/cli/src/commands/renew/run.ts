import {
  issueListsIfDue,
  judgePairs,
  renewablePairs,
  renewBatches,
  runHooks,
} from '@docker-mtls/authority/renewal';
import type {
  Hook,
  HookResult,
  PairOf,
  RenewablePair,
  RenewalSelection,
} from '@docker-mtls/authority/renewal';
import { usedHere } from '@docker-mtls/context';
import { watchBindings } from '@docker-mtls/secure/bindings';
import { installedPolicies } from '../../authz/installed.ts';
import { withLostBindings } from '../../authz/lost-bindings.ts';
import { withPushed } from '../crl/with-pushed.ts';
import { deliverLists } from '@docker-mtls/secure/lists';
import { planEnginePair, renewEnginePair } from '@docker-mtls/secure/renewal';
import type { EngineRenewalPlan } from '@docker-mtls/secure/renewal';
import { dockerFolderIfAny } from '../../client/docker-folder.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { engineOf } from '../../engine/engine-order.ts';
import { refreshDependents } from '../../pair/refresh-copies.ts';
import { hookOf } from './hook.ts';
import { engineRestartOf, renewWordsOf, renewalSelectionOf } from './order.ts';
import type { RenewWords } from './order.ts';
import { planReport, renewedReport } from './report.ts';
import { addToTally, newTally } from './tally.ts';
import { runTimer, timerWayOf } from './timer.ts';

/** Renews pairs, and lists what could not be renewed and what holds an old certificate now. */
export function run(args: Args, io: Io): Promise<Report> {
  const way = timerWayOf(args);
  if (way !== undefined) return runTimer(way, args, io);
  const words = renewWordsOf(args, io);
  const hook = hookOf(args, io);
  if (words.of !== 'names') io.spareMemory();
  return withCliSession(args, io, (session) => renewPairs({ args, words, hook, session }));
}

type Renewing = {
  readonly args: Args;
  readonly words: RenewWords;
  readonly hook: Hook | undefined;
  readonly session: CliSession;
};

async function renewPairs({ args, words, hook, session }: Renewing): Promise<Report> {
  const { reader, io } = session;
  const selection = {
    ...(await renewalSelectionOf(reader, words)),
    ...(words.isTimer && { includes: await usedHere(reader, dockerFolderIfAny(io)) }),
  };
  const bindings = watchBindings(session, () => installedPolicies(io));
  const { isTimer, isDryRun, window, keepKey } = words;
  const engine = words.apply
    ? await planEnginePair(session, { engine: engineOf(args, io), selection, window, isDryRun })
    : undefined;
  const surroundings = {
    reader,
    args,
    isNamed: words.of === 'names',
    isTimer,
    postponed: engine?.postponed ?? [],
  };
  const skipped = [...(engine?.skipped ?? [])];
  const others = othersThan(engine, renewablePairs(judgePairs(reader, selection, io.now()), skipped));
  if (isDryRun) {
    const renewing = [...(engine?.pair ? [engine.pair] : []), ...(await allOf(others))];
    const serials = renewing.map(({ serial }) => serial);
    return withLostBindings(
      planReport({ renewing, skipped }, surroundings),
      await bindings.wouldLose(serials, 'replaced'),
    );
  }
  const expectsHooks = hook !== undefined;
  const tally = newTally({ keepsAll: args.flag('json') === true, keepsSerials: expectsHooks });
  for await (const batch of renewBatches(session, { ...selection, expectsHooks }, bindings.noting(others)))
    addToTally(tally, batch);
  const applied =
    engine &&
    (await renewEnginePair(session, engine, { ...engineRestartOf(args, io), keepKey, expectsHooks }));
  if (applied !== undefined) addToTally(tally, applied);
  const hooks: readonly HookResult[] =
    hook === undefined ? [] : await runHooks(session, hook, isSelected(selection));
  const list = isTimer ? await issueListsIfDue(session) : undefined;
  const dependents = await refreshDependents(session, tally.clients);
  const report = renewedReport(tally, { ...surroundings, skipped, hooks, applied, engine, list, dependents });
  const pushed = list && (await deliverLists({ directory: reader.directory, targets: [] }, io.env));
  return withPushed(withLostBindings(report, await bindings.lost()), pushed ?? []);
}

async function allOf<T>(many: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const each of many) all.push(each);
  return all;
}

/** The engine's pair is renewed by itself, together with a restart. */
async function* othersThan(
  engine: EngineRenewalPlan | undefined,
  pairs: AsyncIterable<RenewablePair>,
): AsyncGenerator<RenewablePair> {
  for await (const pair of pairs)
    if (engine === undefined || pair.kind !== 'server' || pair.name !== engine.name) yield pair;
}

/** A run that names nobody runs the failed hooks of all pairs again. */
function isSelected({ of, kind }: RenewalSelection): (pair: PairOf) => boolean {
  if (typeof of === 'string') return (pair) => kind === undefined || pair.kind === kind;
  return (pair) => of.some((each) => each.kind === pair.kind && each.name === pair.name);
}
