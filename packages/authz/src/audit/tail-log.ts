import { setTimeout as sleep } from 'node:timers/promises';
import { query } from '@docker-mtls/audit/log';
import type { Filter } from '@docker-mtls/audit/log';
import { openLines } from '@docker-mtls/files';
import type { LineFile } from '@docker-mtls/files';
import { openLogParts } from './read-log.ts';
import type { LogParts } from './read-log.ts';

const LOOK_EVERY_MS = 200;

/** A record as a file has it: it may be what docker-mtls did not write. */
export type FoundRecord = Readonly<Record<string, unknown>>;

/** The end of a log. */
export type LogTail = {
  /** The newest records that pass the filter, oldest first. */
  readonly records: readonly FoundRecord[];
  /** Those that are added from then on, as they come. Each part is read to its end before the next. */
  readonly added: () => AsyncGenerator<Iterable<FoundRecord>>;
  readonly close: () => void;
};

/** Opens the end of a log: so many records, from the newest file back. Codes: `AUDIT_NOT_FOUND`, `FILE_…`. */
export function openLogTail(where: string, filter: Filter, most: number): LogTail {
  const parts = openLogParts(where);
  const close = (): void => parts.current?.close();
  try {
    return {
      records: newestRecords(parts, filter, most),
      added: () => addedTo(parts.current, filter),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** From the newest file back, as far as it takes. */
function newestRecords({ rotated, current }: LogParts, filter: Filter, most: number): readonly FoundRecord[] {
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

/** Also in the file that gets the name of this one at a rotation. */
async function* addedTo(first: LineFile | undefined, filter: Filter): AsyncGenerator<Iterable<FoundRecord>> {
  let file = first;
  try {
    while (file !== undefined) {
      // Asked first: what came to the old file before it was replaced is read below.
      const isReplaced = file.isReplaced();
      yield query(file.lines(), filter);
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
