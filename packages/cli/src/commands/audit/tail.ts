import { openLogTail } from '@docker-mtls/authz';
import { quote } from '@docker-mtls/errors';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { filterOf, logOf } from './order.ts';
import { NOTHING_MORE, printParts } from './print-parts.ts';
import { recordTexts } from './record-text.ts';

const DEFAULT_LINES = '10';
const MOST_LINES = 100_000;

/** The newest records, and with `--follow` those that come, until nobody reads on. */
export async function tailLog(args: Args, io: Io): Promise<Report> {
  const isFollowing = args.flag('follow') === true;
  if (isFollowing && args.flag('json') === true)
    throw new UsageError(
      '--follow and --json were both given',
      'tail -F follows audit.jsonl, which is JSON already',
    );
  const most = countOf(args);
  const filter = filterOf(args, io.now());
  const log = logOf(args, io);
  const { records, added, close } = openLogTail(log, filter, most);
  try {
    if (!isFollowing) return { json: { log, records }, text: [...recordTexts(records)].join('') };
    if (!printParts(io, recordTexts(records))) return NOTHING_MORE;
    for await (const part of added()) if (!printParts(io, recordTexts(part))) break;
    return NOTHING_MORE;
  } finally {
    close();
  }
}

function countOf(args: Args): number {
  const text = args.text('lines') ?? DEFAULT_LINES;
  const count = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= MOST_LINES) return count;
  throw new UsageError(
    `-n ${quote(text)} is not a number of records`,
    `give one up to ${MOST_LINES}; audit query prints more`,
  );
}
