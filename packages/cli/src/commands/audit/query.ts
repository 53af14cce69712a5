import { query } from '@docker-mtls/audit/log';
import { withAuditLog } from '@docker-mtls/authz';
import type { FoundRecord } from '@docker-mtls/authz';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { filterOf, logOf } from './order.ts';
import { recordTexts } from './record-text.ts';
import { NOTHING_MORE, printParts } from './print-parts.ts';

/** Prints the records that pass a filter, as they are read. */
export async function queryLog(args: Args, io: Io): Promise<Report> {
  const where = logOf(args, io);
  const filter = filterOf(args, io.now());
  withAuditLog(where, (log) => {
    const records = query(log.lines(), filter);
    printParts(io, args.flag('json') === true ? jsonParts(where, records) : recordTexts(records));
  });
  return NOTHING_MORE;
}

/** One object, however many records there are. */
function* jsonParts(log: string, records: Iterable<FoundRecord>): Generator<string> {
  let separator = '';
  yield `{"log":${JSON.stringify(log)},"records":[`;
  for (const record of records) {
    yield separator + JSON.stringify(record);
    separator = ',';
  }
  yield ']}\n';
}
