import { nextCommand } from '../../ca/next-command.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { commonOrder } from '../../pair/issue-and-report.ts';
import { keptOf, listReport, refuseForOne } from '../../pair/issued-list.ts';
import { groupsOf } from '../../command-line/order.ts';
import { withCliSession } from '../../ca/session.ts';
import { issuePairs, sortClients } from '@docker-mtls/authority/from-list';
import type { PairOrder } from '@docker-mtls/authority';
import type { ClientList, ListedClient } from '@docker-mtls/authority/from-list';
import { shellWord } from '@docker-mtls/errors';

/** Issues a pair to everybody in the list who has none; with `--force`, to everybody. */
export function issueList(args: Args, io: Io, wanted: ClientList): Promise<Report> {
  refuseForOne(args, ['csr', 'out', 'layout']);
  const common = { kind: 'client', sans: [], ...commonOrder(args, io) } as const;
  const groups = groupsOf(args);
  io.spareMemory();
  return withCliSession(args, io, async (session) => {
    const { missing } = await sortClients(session.reader, wanted, { force: common.force });
    const orderOf = (client: ListedClient): PairOrder => ({
      ...common,
      name: client.name,
      groups: [...new Set([...groups, ...client.groups])],
    });
    return listReport({
      kind: 'client',
      names: wanted.clients.map(({ name }) => name),
      issued: await issuePairs(session, { wanted: missing, orderOf, keep: keptOf(args) }),
      directory: session.reader.directory,
      next: nextCommand(`docker-mtls bundle --names ${shellWord(wanted.list)} --for HOST -o FOLDER`, args),
    });
  });
}
