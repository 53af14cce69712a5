import { query } from '@docker-mtls/audit';
import { openAuditLog } from '../../authz/audit-log.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { filterOf, logOf } from './order.ts';
import { recordText } from './record-text.ts';
import { NOTHING_MORE, printParts } from './print-parts.ts';

/** Prints the records that pass a filter, as they are read. */
export async function queryLog(args: Args, io: Io): Promise<Report> {
  const where = logOf(args, io);
  const filter = filterOf(args, io.now());
  const log = openAuditLog(where);
  try {
    const records = query(log.lines(), filter);
    printParts(io, args.flag('json') === true ? jsonParts(where, records) : textParts(records));
    return NOTHING_MORE;
  } finally {
    log.close();
  }
}

type Records = Iterable<Readonly<Record<string, unknown>>>;

function* textParts(records: Records): Generator<string> {
  for (const record of records) yield recordText(record);
}

/** One object, however many records there are. */
function* jsonParts(log: string, records: Records): Generator<string> {
  let separator = '';
  yield `{"log":${JSON.stringify(log)},"records":[`;
  for (const record of records) {
    yield separator + JSON.stringify(record);
    separator = ',';
  }
  yield ']}\n';
}
