import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import type { Io } from '../../io.ts';
import { commonOrder, issueAndReport } from '../../issue-and-report.ts';
import { serverNamesOf } from '../../order.ts';
import { shellWord } from '../../words.ts';

/** Issues the pair that an engine shows to its clients. */
export function run(args: Args, io: Io): Promise<Report> {
  const { name, sans } = serverNamesOf(args, io);
  const next = `docker-mtls daemon-config --server ${shellWord(name)}`;
  return issueAndReport(args, io, { kind: 'server', name, groups: [], sans, ...commonOrder(args, io), next });
}
