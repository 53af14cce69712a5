import { quote } from '@docker-mtls/errors';
import { hash } from 'node:crypto';
import nodePath from 'node:path';
import { createFile, namesIn, PUBLIC_FILE, readFile, requireSafeFile } from '@docker-mtls/files';
import { DaemonConfigError } from '../error.ts';

/**
 * What one change needs to be taken back. It lies beside daemon.json, and is on the disk before daemon.json
 * changes, so that it is true whenever we are interrupted.
 */
export type UndoRecord = {
  /** Absent: the change left the file alone. */
  readonly file?: FileRecord;
  /** What the unit's drop-in said; absent: the change left it alone. */
  readonly dropIn?: OldDropIn;
};

/** A text; null: there was none. */
export type OldDropIn = string | null;

export type FileRecord = {
  /** The name of the copy of the old file, in the same folder; null: there was no file. */
  readonly backup: string | null;
  /** SHA-256 of the bytes that we wrote, in hex: anything else there is someone else's work. */
  readonly wrote: string;
};

export type StoredRecord = UndoRecord & { readonly path: string };

const NOTE =
  'docker-mtls changed the file or the drop-in; `docker-mtls daemon-config undo` puts back what is named here (null: removes it)';

export function fingerprintOfFile(bytes: string | Uint8Array): string {
  return hash('sha256', bytes);
}

/** `20260101T000000Z`: sorts by time, and holds nothing that a file system objects to. */
function stampOf(now: Date): string {
  return now.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
}

/**
 * The first stamp from now on that nothing beside the file bears yet, and later than every record's: the second
 * change of a second gets `-1`, and a clock that was put back does not turn the order of changes around.
 */
export function freeStamp(target: string, now: Date): string {
  const names = namesBeside(target);
  const newest = newestStamp(target) ?? '';
  const time = [stampOf(now), newest.split('-')[0] ?? ''].toSorted().at(-1);
  for (let n = 0; ; n += 1) {
    const stamp = n === 0 ? `${time}` : `${time}-${n}`;
    const isTaken = names.some((name) => name.startsWith(`${nodePath.basename(target)}.${stamp}.`));
    if (!isTaken && byStamp(newest, stamp) < 0) return stamp;
  }
}

export function writeRecord(target: string, stamp: string, { file, dropIn }: UndoRecord): string {
  const path = `${target}.${stamp}.undo.json`;
  const data = `${JSON.stringify({ note: NOTE, ...file, dropIn }, undefined, 2)}\n`;
  createFile(path, data, PUBLIC_FILE);
  return path;
}

/** The newest change's record that is left. Throws `DAEMON_CONFIG_UNDO_BROKEN` when it cannot be read, `FILE_UNSAFE`. */
export function newestRecord(target: string): StoredRecord | undefined {
  const newest = newestStamp(target);
  if (newest === undefined) return undefined;
  const path = `${target}.${newest}.undo.json`;
  // Root writes what it says into a unit of the machine, so nobody else may have written it.
  if (process.geteuid?.() === 0) requireSafeFile(path, 'an undo record');
  return readRecord(path);
}

/** Is this the only change on record? */
export function isOnlyRecord(path: string, target: string): boolean {
  const prefix = `${nodePath.basename(target)}.`;
  const records = namesBeside(target).filter((name) => stampIn(name, prefix).length > 0);
  return records.every((name) => name === nodePath.basename(path));
}

/** Is there a change that could be undone? */
export function hasUndo(target: string): boolean {
  return newestStamp(target) !== undefined;
}

function newestStamp(target: string): string | undefined {
  const prefix = `${nodePath.basename(target)}.`;
  return namesBeside(target)
    .flatMap((name) => stampIn(name, prefix))
    .toSorted(byStamp)
    .at(-1);
}

function namesBeside(target: string): readonly string[] {
  const folder = nodePath.dirname(target);
  return namesIn(folder);
}

function stampIn(name: string, prefix: string): readonly string[] {
  if (!name.startsWith(prefix)) return [];
  const found = /^(\d{8}T\d{6}Z(?:-\d+)?)\.undo\.json$/.exec(name.slice(prefix.length));
  return found?.[1] === undefined ? [] : [found[1]];
}

function byStamp(a: string, b: string): number {
  const [[timeA = '', nA = '0'], [timeB = '', nB = '0']] = [a.split('-'), b.split('-')];
  // Not by `localeCompare`: V8 takes 8 ms to make its first collator.
  return Number(timeA > timeB) - Number(timeA < timeB) || Number(nA) - Number(nB);
}

function readRecord(path: string): StoredRecord {
  const record = parseRecord(readFile(path).toString('utf8'));
  if (record !== undefined) return { ...record, path };
  throw new DaemonConfigError('DAEMON_CONFIG_UNDO_BROKEN', `${path} was not written by docker-mtls`, {
    hint: 'keep a copy of the file as it is, put the backup of that time (.bak) in its place by hand, and remove the record',
  });
}

function parseRecord(text: string): UndoRecord | undefined {
  try {
    const { backup, wrote, dropIn } = JSON.parse(text) as Record<string, unknown>;
    if (dropIn !== undefined && dropIn !== null && typeof dropIn !== 'string') return undefined;
    const isOfDropInAlone = backup === undefined && wrote === undefined;
    if (isOfDropInAlone) return dropIn === undefined ? undefined : { dropIn };
    const file = parseFileRecord(backup, wrote);
    return file && { file, ...(dropIn !== undefined && { dropIn }) };
  } catch {
    return undefined;
  }
}

function parseFileRecord(backup: unknown, wrote: unknown): FileRecord | undefined {
  if (typeof wrote !== 'string' || !/^[0-9a-f]{64}$/.test(wrote)) return undefined;
  // A record is no way to reach files elsewhere.
  if (backup === null) return { backup, wrote };
  return typeof backup === 'string' && nodePath.basename(backup) === backup ? { backup, wrote } : undefined;
}

export function brokenBackup(path: string, backup: string, cause: unknown): DaemonConfigError {
  return new DaemonConfigError('DAEMON_CONFIG_UNDO_BROKEN', `cannot read the backup ${quote(backup)}`, {
    hint: `it is named in ${path}: put it back, or remove that record to give this undo up`,
    cause,
  });
}
