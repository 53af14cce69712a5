import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { createFile, readFile, removeFile, removeUnsynced, replaceFile } from '@docker-mtls/files';
import type { FileAccess } from '@docker-mtls/files';
import { DaemonConfigError } from '../error.ts';
import { accessOf, readDaemonConfig, resolveTarget } from './config-file.ts';
import { brokenBackup, freeStamp, isOnlyRecord, newestRecord, fingerprintOfFile } from './undo-record.ts';
import type { FileRecord, StoredRecord, UndoRecord } from './undo-record.ts';

export type UndoneDaemonConfig = {
  readonly path: string;
  /**
   * `removed`: there was no file before the change. `already`: the old state was in place, say after a power cut.
   * `untouched`: the change was one of the unit's drop-in alone.
   */
  readonly outcome: 'restored' | 'removed' | 'already' | 'untouched';
  /** The backup that is in place again. */
  readonly restored?: string;
  /** Where what was undone is kept. */
  readonly setAside?: string;
};

type Old = { readonly path: string; readonly bytes: Buffer; readonly access: FileAccess };

type Undoing = {
  readonly target: string;
  readonly record: StoredRecord;
  readonly current: Buffer | undefined;
  readonly old: Old | undefined;
};

/** What an undo would do. */
export type UndoPreview = {
  readonly path: string;
  readonly outcome: UndoneDaemonConfig['outcome'];
  /** The file now, and then; `undefined`: there is none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What the unit's drop-in says then; `undefined`: the change left it alone. */
  readonly dropIn: UndoRecord['dropIn'];
  /** Is no earlier change on record? */
  readonly isLast: boolean;
};

/** Reads what an undo would take back, and changes nothing. Throws what `undoDaemonConfig` would throw first. */
export function previewUndo(path: string, { force = false }: { force?: boolean } = {}): UndoPreview {
  const undoing = planUndo(path, force);
  const { target, record, current, old } = undoing;
  const isLeft = record.file === undefined;
  return {
    path: target,
    outcome: outcomeOf(undoing),
    before: current?.toString('utf8'),
    after: (isLeft ? current : old?.bytes)?.toString('utf8'),
    dropIn: record.dropIn,
    isLast: isOnlyRecord(record.path, target),
  };
}

function outcomeOf({ record, current, old }: Undoing): UndoneDaemonConfig['outcome'] {
  if (record.file === undefined) return 'untouched';
  if (sameBytes(current, old?.bytes)) return 'already';
  return old === undefined ? 'removed' : 'restored';
}

/**
 * Takes the newest change back, durably, and keeps what it undoes aside. Each call goes one change further back.
 * Throws `DAEMON_CONFIG_NOTHING_TO_UNDO`, `DAEMON_CONFIG_EDITED` when the file is not what we wrote (unless
 * `force`), `DAEMON_CONFIG_UNDO_BROKEN` when the backup is gone, and `FILE_…`.
 */
export function undoDaemonConfig(
  path: string,
  { now, force = false }: { now: Date; force?: boolean },
): UndoneDaemonConfig {
  const undoing = planUndo(path, force);
  const { target, record, current, old } = undoing;
  const outcome = outcomeOf(undoing);
  if (outcome === 'untouched') return retire(target, record, { outcome });
  if (outcome === 'already') return retire(target, record, { outcome, ...restoredFrom(old) });
  const setAside = current === undefined ? undefined : keepAside(target, current, now);
  try {
    putBack(target, old);
  } catch (error) {
    if (sameBytes(readDaemonConfig(target), current)) forget(setAside);
    throw error;
  }
  return retire(target, record, {
    outcome,
    ...restoredFrom(old),
    ...(setAside === undefined ? {} : { setAside }),
  });
}

function planUndo(path: string, force: boolean): Undoing {
  const target = resolveTarget(path);
  const record = newestRecord(target);
  if (record === undefined) throw nothingToUndo(target);
  const current = readDaemonConfig(target);
  const { file } = record;
  if (file === undefined) return { target, record, current, old: undefined };
  const old = readOld(target, record.path, file);
  const isOurs =
    sameBytes(current, old?.bytes) || (current !== undefined && fingerprintOfFile(current) === file.wrote);
  if (!force && !isOurs) throw edited(target);
  return { target, record, current, old };
}

function readOld(target: string, record: string, { backup }: FileRecord): Old | undefined {
  if (backup === null) return undefined;
  const path = nodePath.join(nodePath.dirname(target), backup);
  try {
    return { path, bytes: readFile(path), access: accessOf(path) };
  } catch (cause) {
    throw hasCode(cause, 'FILE_NOT_FOUND') ? brokenBackup(record, backup, cause) : cause;
  }
}

/** Keeps a file's content next to it, as an undo does with what it takes back. */
export function keepAside(target: string, current: Buffer, now: Date): string {
  const path = `${target}.${freeStamp(target, now)}.undone`;
  createFile(path, current, accessOf(target));
  return path;
}

function forget(setAside: string | undefined): void {
  if (setAside !== undefined) removeUnsynced(setAside);
}

function putBack(target: string, old: Old | undefined): void {
  if (old !== undefined) return replaceFile(target, old.bytes, old.access);
  return removeFile(target);
}

/** Last of all: until the record is gone, a repeated undo finds the old state in place, and says so. */
function retire(
  target: string,
  record: StoredRecord,
  result: Omit<UndoneDaemonConfig, 'path'>,
): UndoneDaemonConfig {
  removeFile(record.path);
  return { path: target, ...result };
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

function restoredFrom(old: Old | undefined): { restored?: string } {
  return old === undefined ? {} : { restored: old.path };
}

function nothingToUndo(target: string): DaemonConfigError {
  return new DaemonConfigError(
    'DAEMON_CONFIG_NOTHING_TO_UNDO',
    `docker-mtls has no change of ${target} on record to undo`,
    {
      hint: 'changes are found by the .undo.json files beside it; name the file with --config if it is another one',
    },
  );
}

function edited(target: string): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_EDITED', `${target} was edited since docker-mtls wrote it`, {
    hint: 'compare it with the newest .bak beside it; to put that back anyway, add --force (the present file is kept)',
  });
}
