import path from 'node:path';
import { issuePairs, readServerNames, sortServers } from '@docker-mtls/authority/from-list';
import type { PairOrder } from '@docker-mtls/authority';
import type { ListedServer } from '@docker-mtls/authority/from-list';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { withLoopback } from '../../command-line/order.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { commonOrder } from '../../pair/issue-and-report.ts';
import { keptOf, listReport, refuseForOne } from '../../pair/issued-list.ts';

/** Issues a pair to every server in the list that has none; with `--force`, to every server. */
export function issueServerList(args: Args, io: Io): Promise<Report> {
  if (args.text('name') !== undefined)
    throw new UsageError('NAME and --names were both given', 'omit one of them');
  refuseForOne(args, ['san', 'local', 'csr', 'out', 'layout', 'apply', 'live-restore']);
  const list = path.resolve(io.cwd, args.text('names') ?? '');
  const servers = readServerNames(list, { wildcard: args.flag('allow-wildcard') === true });
  const common = { kind: 'server', groups: [], ...commonOrder(args, io) } as const;
  io.spareMemory();
  return withCliSession(args, io, async (session) => {
    const wanted = await sortServers(session.reader, { list, servers }, { force: common.force });
    const orderOf = ({ name, sans }: ListedServer): PairOrder => ({
      ...common,
      name,
      sans: withLoopback(sans),
    });
    return listReport({
      kind: 'server',
      names: servers.map(({ name }) => name),
      issued: await issuePairs(session, { wanted, orderOf, keep: keptOf(args) }),
      directory: session.reader.directory,
      next: 'copy each folder to its host, then there: docker-mtls daemon-config --certs-dir FOLDER',
    });
  });
}
