import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { liveRestoreOf } from '../../configure-daemon.ts';
import type { Io } from '../../io.ts';
import { commonOrder, issueAndReport } from '../../issue-and-report.ts';
import { serverNamesOf } from '../../order.ts';
import { shellWord } from '../../words.ts';
import { applyNewPair } from './apply.ts';

/** Issues the pair that an engine shows to its clients. */
export function run(args: Args, io: Io): Promise<Report> {
  const { name, sans } = serverNamesOf(args, io);
  const order = { kind: 'server', name, groups: [], sans, ...commonOrder(args, io) } as const;
  if (args.flag('apply') === true) return applyNewPair(args, io, order);
  liveRestoreOf(args);
  return issueAndReport(args, io, {
    ...order,
    next: `docker-mtls daemon-config --server ${shellWord(name)}`,
  });
}
