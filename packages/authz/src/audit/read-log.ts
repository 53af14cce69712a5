import path from 'node:path';
import { CURRENT_FILE, rotatedFiles } from '@docker-mtls/audit/log';
import { exists, namesIn, openLines, statIfExists } from '@docker-mtls/files';
import type { LineFile } from '@docker-mtls/files';
import { AuthzError } from '../error.ts';

/** An open log of an engine: a folder of files, or one file of it. */
export type AuditLogReader = {
  /** Oldest first; each is open while its lines are read. */
  readonly lines: () => Generator<string>;
  /** The line that was read last. */
  readonly place: () => { readonly file: string; readonly line: number };
  /** Bytes after the last whole line: a record that is being written, or was when the machine stopped. */
  readonly unfinished: () => number;
};

/** The files of a log, oldest first, and the one that is written to, which is open. */
export type LogParts = { readonly rotated: readonly string[]; readonly current: LineFile | undefined };

/** Opens a log, has it read, and closes it. Codes: `AUDIT_NOT_FOUND`, `FILE_…`. */
export function withAuditLog<T>(where: string, read: (log: AuditLogReader) => T): T {
  const parts = openLogParts(where);
  try {
    return read(readerOf(where, parts));
  } finally {
    parts.current?.close();
  }
}

function readerOf(where: string, { rotated, current }: LogParts): AuditLogReader {
  let file = current?.path ?? where;
  let line = 0;
  let unfinished = 0;

  function* linesOf(part: LineFile): Generator<string> {
    file = part.path;
    line = 0;
    for (const each of part.lines()) {
      line += 1;
      yield each;
    }
    unfinished = part.unfinished();
  }
  function* lines(): Generator<string> {
    for (const each of rotated) {
      const part = openLines(each);
      try {
        // It was the current one when that was opened, and is read below.
        if (part.id === current?.id) continue;
        yield* linesOf(part);
        // A full file ends with a whole line; what follows is not a record that is being written.
        if (unfinished > 0) yield '';
      } finally {
        part.close();
      }
    }
    unfinished = 0;
    if (current !== undefined) yield* linesOf(current);
  }
  return {
    lines,
    place: () => ({ file, line }),
    unfinished: () => unfinished,
  };
}

/** The current file is opened first: if it is rotated meanwhile, it is still this one. Codes: `AUDIT_NOT_FOUND`, `FILE_…`. */
export function openLogParts(where: string): LogParts {
  if (statIfExists(where)?.isDirectory() !== true) return { rotated: [], current: openLines(where) };
  const file = path.join(where, CURRENT_FILE);
  const current = exists(file) ? openLines(file) : undefined;
  const rotated = rotatedFiles(namesIn(where)).map((name) => path.join(where, name));
  if (current !== undefined || rotated.length > 0) return { rotated, current };
  throw new AuthzError('AUDIT_NOT_FOUND', `there is no audit log in ${where}`, {
    hint: 'name the folder of a log, or a file of it',
  });
}
