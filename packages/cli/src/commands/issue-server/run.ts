import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { liveRestoreOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { commonOrder, issueAndReport } from '../../pair/issue-and-report.ts';
import { outFolder } from '../../pair/copy-out.ts';
import { serverNamesOf } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { shellWord } from '@docker-mtls/errors';
import { applyNewPair } from './apply.ts';
import { issueServerList } from './issue-list.ts';

/** Issues the pair that an engine shows to its clients. */
export function run(args: Args, io: Io): Promise<Report> {
  if (args.text('names') !== undefined) return issueServerList(args, io);
  const { name, sans } = serverNamesOf(args, io);
  const order = { kind: 'server', name, groups: [], sans, ...commonOrder(args, io) } as const;
  if (args.flag('apply') === true) {
    refuseLayout(args);
    return applyNewPair(args, io, order);
  }
  liveRestoreOf(args);
  return issueAndReport(args, io, {
    ...order,
    next: nextStep(args, io, name) + restartOf(args),
  });
}

/** Docker-in-Docker needs no daemon.json: it gets the files as flags. */
function nextStep(args: Args, io: Io, name: string): string {
  if (args.text('layout') === 'dind')
    return nextCommand(
      `docker-mtls issue-client NAME --layout dind --out ${shellWord(args.text('out') ?? '')}`,
      args,
    );
  const out = outFolder(args, io);
  const folder = out ?? (args.text('csr') === undefined ? undefined : 'FOLDER-OF-THE-KEY');
  const certs = folder === undefined ? '' : ` --certs-dir ${shellWord(folder)}`;
  return nextCommand(`docker-mtls daemon-config --server ${shellWord(name)}${certs}`, args);
}

/** An engine that serves with this server's pair already reads the new one at its next start. */
function restartOf(args: Args): string {
  const isServed = args.flag('force') === true && args.text('layout') !== 'dind';
  return isServed ? ', and restart the engine: it reads its pair at start' : '';
}

/** What is restarted is the engine of this machine, and not one in a container. */
function refuseLayout(args: Args): void {
  if (args.text('layout') === undefined) return;
  throw new UsageError('--layout and --apply were both given', 'omit one of them');
}
