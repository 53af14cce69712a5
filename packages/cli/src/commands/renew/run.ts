import { planRenewal, renew, runHooks } from '@docker-mtls/authority';
import type { HookResult, PairOf, RenewalSelection } from '@docker-mtls/authority';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { refreshDependents } from './dependents/refresh.ts';
import { hookOf } from './hook.ts';
import { renewWordsOf, selectionOf } from './order.ts';
import { planReport, renewedReport } from './report.ts';

/** Renews pairs, and lists what could not be renewed and what holds an old certificate now. */
export function run(args: Args, io: Io): Promise<Report> {
  const words = renewWordsOf(args, io);
  const hook = hookOf(args, io);
  return withCliSession(args, io, async (session) => {
    const { reader } = session;
    const isNamed = words.of === 'names';
    const selection = selectionOf(reader, words);
    if (words.isDryRun) return planReport(planRenewal(reader, selection, io.now()), { reader, isNamed });
    const outcome = await renew(session, { ...selection, expectsHooks: hook !== undefined });
    const dependents = refreshDependents(session, outcome.renewed);
    const hooks: readonly HookResult[] =
      hook === undefined ? [] : await runHooks(session, hook, isSelected(selection));
    return renewedReport(outcome, { reader, isNamed, hooks, dependents });
  });
}

/** A run that names nobody runs the failed hooks of all pairs again. */
function isSelected({ of, kind }: RenewalSelection): (pair: PairOf) => boolean {
  if (typeof of === 'string') return (pair) => kind === undefined || pair.kind === kind;
  return (pair) => of.some((each) => each.kind === pair.kind && each.name === pair.name);
}
