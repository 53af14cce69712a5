import { planRenewal, renew } from '@docker-mtls/authority';
import type { RenewalSelection } from '@docker-mtls/authority';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { quote } from '@docker-mtls/errors';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { contextsOf } from './contexts-of.ts';
import { planReport, renewedReport } from './report.ts';

/** Renews pairs, and lists what could not be renewed and what holds an old certificate now. */
export function run(args: Args, io: Io): Promise<Report> {
  const names = args.list('name');
  const isDue = args.flag('due') === true;
  const isAll = args.flag('all') === true;
  if ([names.length > 0, isDue, isAll].filter(Boolean).length !== 1)
    throw new UsageError(
      'renew needs NAMES, --due or --all, and one of these alone',
      'renew --due is for a timer',
    );
  return withCliSession(args, io, async (session) => {
    const { reader } = session;
    const kind = args.text('kind') as RenewalSelection['kind'];
    const selection: RenewalSelection = {
      of: isDue ? 'due' : isAll ? 'all' : [...new Set(names)].map((name) => pairNamed(reader, name, kind)),
      kind,
      keepKey: args.flag('keep-key') === true,
    };
    const isNamed = names.length > 0;
    if (args.flag('dry-run') === true)
      return planReport(planRenewal(reader, selection, io.now()), { reader, isNamed });
    const outcome = await renew(session, selection);
    return renewedReport(outcome, { reader, isNamed, contexts: contextsOf(io, outcome.renewed) });
  });
}

type Kind = NonNullable<RenewalSelection['kind']>;

function pairNamed(
  reader: StoreReader,
  name: string,
  wanted: Kind | undefined,
): { readonly kind: Kind; readonly name: string } {
  const kinds = (['server', 'client'] as const).filter(
    (kind) =>
      (wanted === undefined || wanted === kind) && reader.entries({ kind, name, all: true }).length > 0,
  );
  const [first = wanted ?? 'client', second] = kinds;
  if (second === undefined) return { kind: first, name };
  throw new UsageError(
    `a server and a client are called ${quote(name)}`,
    'add --kind server or --kind client',
  );
}
