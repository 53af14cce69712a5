import nodePath from 'node:path';
import {
  createFile,
  exists,
  makeDirectory,
  PUBLIC_FILE,
  readFileIfExists,
  removeFolderIfEmpty,
  removeUnsynced,
  replaceFile,
  statIfExists,
  syncDirectory,
} from '@docker-mtls/files';
import { LARGEST_CONFIG } from '../decode.ts';
import { DaemonConfigError } from '../error.ts';
import type { DaemonConfigPlan } from '../plan.ts';
import { accessOf, resolveTarget } from './config-file.ts';
import { freeStamp, newestRecord, fingerprintOfFile, writeRecord } from './undo-record.ts';
import type { OldDropIn } from './undo-record.ts';

export type AppliedDaemonConfig = {
  /** The file that was written: the link's target, where the path is a link. */
  readonly path: string;
  readonly written: boolean;
  /** The copy of the old file; none when there was no file, or nothing to change. */
  readonly backup?: string;
};

/** When a change is made, and what the unit's drop-in said before, where that changes with it: see `UndoRecord`. */
type Recording = { readonly now: Date; readonly dropIn?: OldDropIn };

/**
 * Puts a plan in place, durably: backup, then undo record, then daemon.json, each on the disk before the next. A
 * kill at any moment leaves the old file or the new one, whole, and an undo that works. Mode and owner stay; a
 * link stays a link. Throws `DAEMON_CONFIG_CHANGED` when the file is no longer what the plan was made from, and
 * `FILE_…`; then nothing has changed and no new file is left.
 */
export function applyDaemonConfig(
  path: string,
  plan: DaemonConfigPlan,
  recording: Recording,
): AppliedDaemonConfig {
  const target = resolveTarget(path);
  if (plan.changes.length === 0) return { path: target, written: false };
  refuseIfChanged(target, plan);
  const made: string[] = [];
  try {
    makeFolder(nodePath.dirname(target), made);
    retireUnusedRecord(target, plan);
    const backup = replace(target, plan, { stamp: freeStamp(target, recording.now), made, ...recording });
    return { path: target, written: true, ...(backup === undefined ? {} : { backup }) };
  } catch (error) {
    if (!isInPlace(target, plan)) takeBack(made);
    throw error;
  }
}

/**
 * Records a change of the unit's drop-in that leaves daemon.json alone, durably, for undo; `dropIn` is what it says
 * until then. Throws `FILE_…`.
 */
export function recordDropIn(path: string, { now, dropIn }: Required<Recording>): void {
  const target = resolveTarget(path);
  const newest = newestRecord(target);
  // A change that never took place, or was taken back: undo would do nothing once.
  if (newest !== undefined && newest.file === undefined && newest.dropIn === dropIn)
    removeUnsynced(newest.path);
  writeRecord(target, freeStamp(target, now), { dropIn });
  syncDirectory(nodePath.dirname(target));
}

type Progress = Pick<Recording, 'dropIn'> & { readonly stamp: string; readonly made: string[] };

function replace(
  target: string,
  plan: DaemonConfigPlan,
  { stamp, made, dropIn }: Progress,
): string | undefined {
  const access = plan.exists ? accessOf(target) : PUBLIC_FILE;
  const backup = plan.exists ? `${target}.${stamp}.bak` : undefined;
  if (backup !== undefined) {
    createFile(backup, plan.before, access);
    made.push(backup);
  }
  const name = backup === undefined ? null : nodePath.basename(backup);
  const file = { backup: name, wrote: fingerprintOfFile(plan.after) };
  made.push(writeRecord(target, stamp, dropIn === undefined ? { file } : { file, dropIn }));
  syncDirectory(nodePath.dirname(target));
  refuseIfChanged(target, plan);
  replaceFile(target, plan.after, access);
  return backup;
}

/** Makes the folder and those above it that are missing, and says which. */
function makeFolder(folder: string, made: string[]): void {
  if (exists(folder)) return;
  makeFolder(nodePath.dirname(folder), made);
  made.push(folder);
  makeDirectory(folder);
}

function refuseIfChanged(target: string, plan: DaemonConfigPlan): void {
  const current = readFileIfExists(target, LARGEST_CONFIG);
  if (plan.exists ? current?.equals(Buffer.from(plan.before)) : current === undefined) return;
  throw new DaemonConfigError('DAEMON_CONFIG_CHANGED', `${target} was changed by someone else just now`, {
    hint: 'run the command again: it starts from what the file says now',
  });
}

/** A record whose change never took place (we were killed) or was taken back: kept, it would make undo do nothing once. */
function retireUnusedRecord(target: string, plan: DaemonConfigPlan): void {
  const { file, path } = newestRecord(target) ?? {};
  if (file === undefined || path === undefined || file.wrote === fingerprintOfFile(plan.before)) return;
  const old =
    file.backup === null ? undefined : readFileIfExists(nodePath.join(nodePath.dirname(target), file.backup));
  const unused = plan.exists ? old?.equals(Buffer.from(plan.before)) === true : file.backup === null;
  if (unused) removeUnsynced(path);
}

function isInPlace(target: string, plan: DaemonConfigPlan): boolean {
  try {
    return readFileIfExists(target, LARGEST_CONFIG)?.equals(Buffer.from(plan.after)) === true;
  } catch {
    return false;
  }
}

/** Newest first, so that a folder made here is empty when its turn comes. A file that stays is harmless. */
function takeBack(made: readonly string[]): void {
  for (const path of made.toReversed()) {
    try {
      if (statIfExists(path)?.isDirectory() === true) removeFolderIfEmpty(path);
      else removeUnsynced(path);
    } catch {
      // What matters is the error that brought us here.
    }
  }
}
