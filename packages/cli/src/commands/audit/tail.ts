import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '@docker-mtls/audit';
import type { Filter } from '@docker-mtls/audit';
import { quote } from '@docker-mtls/errors';
import { openLines } from '@docker-mtls/files';
import type { LineFile } from '@docker-mtls/files';
import { openLogParts } from '../../authz/audit-log.ts';
import type { LogParts } from '../../authz/audit-log.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import type { Io } from '../../io/io.ts';
import { filterOf, logOf } from './order.ts';
import { NOTHING_MORE, printParts } from './print-parts.ts';
import { recordText } from './record-text.ts';

const DEFAULT_LINES = '10';
const MOST_LINES = 100_000;
const LOOK_EVERY_MS = 200;

type Found = Readonly<Record<string, unknown>>;

/** The newest records, and with `--follow` those that come. */
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
  const parts = openLogParts(log);
  try {
    const records = newestRecords(parts, filter, most);
    if (!isFollowing) return { json: { log, records }, text: records.map(recordText).join('') };
    if (printParts(io, records.map(recordText))) await follow(parts.current, filter, io);
    return NOTHING_MORE;
  } finally {
    parts.current?.close();
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

/** From the newest file back, as far as it takes. */
function newestRecords({ rotated, current }: LogParts, filter: Filter, most: number): readonly Found[] {
  let newest = current === undefined ? [] : lastOf(query(current.lines(), filter), most);
  for (const file of rotated.toReversed()) {
    if (newest.length >= most) break;
    const part = openLines(file);
    try {
      if (part.id !== current?.id)
        newest = [...lastOf(query(part.lines(), filter), most - newest.length), ...newest];
    } finally {
      part.close();
    }
  }
  return newest;
}

function lastOf<T>(items: Iterable<T>, most: number): readonly T[] {
  let last: T[] = [];
  for (const item of items) {
    last.push(item);
    if (last.length > 2 * most) last = last.slice(-most);
  }
  return most === 0 ? [] : last.slice(-most);
}

/** Prints what is added, in the file that gets its name at a rotation too, until nobody reads on. */
async function follow(first: LineFile | undefined, filter: Filter, io: Io): Promise<void> {
  let file = first;
  try {
    while (file !== undefined) {
      // Asked first: what came to the old file before it was replaced is read below.
      const isReplaced = file.isReplaced();
      if (!printParts(io, textsOf(query(file.lines(), filter)))) return;
      if (isReplaced) file = reopen(file, first);
      else await sleep(LOOK_EVERY_MS);
    }
  } finally {
    if (file !== first) file?.close();
  }
}

function reopen(file: LineFile, first: LineFile | undefined): LineFile {
  const next = openLines(file.path);
  if (file !== first) file.close();
  return next;
}

function* textsOf(records: Iterable<Found>): Generator<string> {
  for (const record of records) yield recordText(record);
}
