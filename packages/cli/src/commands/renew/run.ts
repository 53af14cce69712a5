import { planRenewal, renewAll, runHooks } from '@docker-mtls/authority';
import type { Hook, HookResult, PairOf, RenewalSelection } from '@docker-mtls/authority';
import { watchBindings, withLostBindings } from '../../authz/binding-watch.ts';
import { deliverLists, withPushed } from '../../authz/deliver-lists.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { refreshDependents } from './dependents/refresh.ts';
import { enginePart, NOT_APPLIED, renewEnginePart } from './engine-part.ts';
import type { EnginePart } from './engine-part.ts';
import { hookOf } from './hook.ts';
import { renewWordsOf, renewalSelectionOf } from './order.ts';
import type { RenewWords } from './order.ts';
import { planReport, renewedReport } from './report.ts';
import { renewListIfDue } from './timer/list.ts';
import { runTimer, timerWayOf } from './timer/run.ts';
import { usedHere } from './timer/used-here.ts';

/** Renews pairs, and lists what could not be renewed and what holds an old certificate now. */
export function run(args: Args, io: Io): Promise<Report> {
  const way = timerWayOf(args);
  if (way !== undefined) return runTimer(way, args, io);
  const words = renewWordsOf(args, io);
  const hook = hookOf(args, io);
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
    ...(words.isTimer && { includes: await usedHere(session) }),
  };
  const plan = await planRenewal(reader, selection, io.now());
  const planning = { args, session, words, selection, plan };
  const bindings = await watchBindings(session);
  const engine = words.apply ? await enginePart(planning) : undefined;
  const others = plan.renewing.filter((pair) => !isEngines(engine, pair));
  const { isTimer } = words;
  const surroundings = {
    reader,
    args,
    isNamed: words.of === 'names',
    isTimer,
    postponed: engine?.postponed ?? [],
  };
  const skipped = [...plan.skipped, ...(engine?.skipped ?? [])];
  if (words.isDryRun) {
    const renewing = [...(engine?.pair ? [engine.pair] : []), ...others];
    const serials = renewing.map(({ serial }) => serial);
    return withLostBindings(
      planReport({ renewing, skipped }, surroundings),
      await bindings.wouldLose(serials, 'replaced'),
    );
  }
  const expectsHooks = hook !== undefined;
  const renewal = await renewAll(session, { ...selection, expectsHooks }, others);
  const applied =
    engine === undefined ? NOT_APPLIED : await renewEnginePart(engine, { ...planning, expectsHooks });
  const renewed = [...applied.renewed, ...renewal.renewed];
  const hooks: readonly HookResult[] =
    hook === undefined ? [] : await runHooks(session, hook, isSelected(selection));
  const list = isTimer ? await renewListIfDue(session) : undefined;
  const report = renewedReport(
    { renewed, failed: [...applied.failed, ...renewal.failed], skipped },
    { ...surroundings, hooks, applied, engine, list, dependents: await refreshDependents(session, renewed) },
  );
  const pushed = list && (await deliverLists({ directory: reader.directory, targets: [] }, io));
  return withPushed(withLostBindings(report, await bindings.lost()), pushed ?? []);
}

function isEngines(engine: EnginePart | undefined, { kind, name }: PairOf): boolean {
  return engine !== undefined && kind === 'server' && name === engine.name;
}

/** A run that names nobody runs the failed hooks of all pairs again. */
function isSelected({ of, kind }: RenewalSelection): (pair: PairOf) => boolean {
  if (typeof of === 'string') return (pair) => kind === undefined || pair.kind === kind;
  return (pair) => of.some((each) => each.kind === pair.kind && each.name === pair.name);
}
