import { parseClientName } from '@docker-mtls/ca';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import type { Io } from '../../io.ts';
import { commonOrder, issueAndReport } from '../../issue-and-report.ts';
import { groupsOf } from '../../order.ts';
import { shellWord } from '../../words.ts';

/** Issues the pair that a person or a robot shows to engines. */
export function run(args: Args, io: Io): Promise<Report> {
  const name = parseClientName(args.text('name') ?? '');
  const next = `docker-mtls bundle ${shellWord(name)}`;
  return issueAndReport(args, io, {
    kind: 'client',
    name,
    groups: groupsOf(args),
    sans: [],
    ...commonOrder(args, io),
    next,
  });
}
