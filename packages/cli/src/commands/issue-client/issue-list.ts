import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { commonOrder } from '../../pair/issue-and-report.ts';
import { groupsOf } from '../../command-line/order.ts';
import { withCliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { issueClients, sortClients } from '@docker-mtls/authority';
import type { ClientList, IssuedClient } from '@docker-mtls/authority';
import { shellWord } from '@docker-mtls/errors';
import { counted } from '@docker-mtls/text';

/** Issues a pair to everybody in the list who has none; with `--force`, to everybody. */
export function issueList(args: Args, io: Io, wanted: ClientList): Promise<Report> {
  for (const option of ['csr', 'out', 'layout'])
    if (args.text(option) !== undefined)
      throw new UsageError(`--${option} is for one client, and --names for many`, 'omit one of them');
  const common = { kind: 'client', sans: [], ...commonOrder(args, io) } as const;
  const groups = groupsOf(args);
  return withCliSession(args, io, async (session) => {
    const { missing } = await sortClients(session.reader, wanted, { force: common.force });
    const orders = missing.map((client) => ({
      ...common,
      name: client.name,
      groups: [...new Set([...groups, ...client.groups])],
    }));
    const issued = await issueClients(session, orders, listed);
    return report(wanted, issued, session.reader.directory);
  });
}

type Listed = ReturnType<typeof listed>;

function listed({
  name,
  certificate: { info },
  directory,
}: IssuedClient): Record<'name' | 'serial' | 'notAfter' | 'directory', string> {
  return { name, serial: info.serial, notAfter: info.notAfter.toISOString(), directory };
}

function report(wanted: ClientList, issued: readonly Listed[], directory: string): Report {
  const isNew = new Set(issued.map(({ name }) => name));
  const kept = wanted.clients.filter(({ name }) => !isNew.has(name));
  const json = {
    names: wanted.clients.length,
    issued,
    kept: kept.map(({ name }) => name),
  };
  const had = kept.length === 0 ? '' : `, and kept ${counted(kept.length, 'that was', 'that were')} there`;
  const next = `docker-mtls bundle --names ${shellWord(wanted.list)} -o FOLDER`;
  const text = `Issued ${counted(issued.length, 'client pair', 'client pairs')} in ${directory}${had}\nnext: ${next}\n`;
  return { json, text };
}
