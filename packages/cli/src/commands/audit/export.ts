import { query, toCsv } from '@docker-mtls/audit/log';
import { withAuditLog } from '@docker-mtls/authz';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { filterOf, logOf } from './order.ts';
import { NOTHING_MORE, printParts } from './print-parts.ts';

/** Prints the records as CSV, as they are read. */
export async function exportLog(args: Args, io: Io): Promise<Report> {
  if (args.text('format') === undefined) throw new UsageError('no format is named', 'add --format csv');
  const where = logOf(args, io);
  const filter = filterOf(args, io.now());
  withAuditLog(where, (log) => printParts(io, toCsv(query(log.lines(), filter))));
  return NOTHING_MORE;
}
