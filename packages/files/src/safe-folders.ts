import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, FileError } from './file-error.ts';
import { isTrusted, keepsEntries, othersMayWrite } from './trust.ts';

/** A folder in or above which another user could exchange a file, and why. */
export type UnsafeFolder = { readonly folder: string; readonly reason: string; readonly hint: string };

/**
 * Looks for a folder among this one and those above it that is not owned by root or the user at work, or that others may
 * write to: what sshd calls StrictModes. A sticky folder above, such as that for temporary files, is safe. What is
 * missing of the path is to be made by us.
 */
export function findUnsafeFolder(path: string): UnsafeFolder | undefined {
  // Windows has no such owners and modes.
  if (process.geteuid === undefined) return undefined;
  return explained('look at', path, () => findFrom(realPathOfWhatExists(nodePath.resolve(path))));
}

/** Throws `FILE_UNSAFE`, which names the folder, where `findUnsafeFolder` finds one. `what` is what is to be there. */
export function requireSafeFolders(path: string, what: string): void {
  const found = findUnsafeFolder(path);
  if (found === undefined) return;
  const { folder, reason, hint } = found;
  throw new FileError('FILE_UNSAFE', `${path} is not safe for ${what}: ${reason} ${folder}`, { hint });
}

function findFrom(folder: string): UnsafeFolder | undefined {
  const stats = fs.statSync(folder);
  if (!isTrusted(stats.uid)) return foreign(folder, stats.uid);
  if (othersMayWrite(stats)) return writable(folder);
  return findAbove(folder, stats);
}

function findAbove(folder: string, stats: fs.Stats): UnsafeFolder | undefined {
  const above = nodePath.dirname(folder);
  if (above === folder) return undefined;
  const aboveStats = fs.statSync(above);
  if (!isTrusted(aboveStats.uid)) return foreign(above, aboveStats.uid);
  if (!keepsEntries(aboveStats, stats)) return writable(above);
  return findAbove(above, aboveStats);
}

function foreign(folder: string, uid: number): UnsafeFolder {
  return {
    folder,
    reason: `another user (uid ${uid}) owns`,
    hint: 'choose a folder that only root or you can change',
  };
}

function writable(folder: string): UnsafeFolder {
  return {
    folder,
    reason: 'other users may write to',
    hint: `run: chmod go-w ${folder}, or choose a folder that only root or you can change`,
  };
}

function realPathOfWhatExists(path: string): string {
  const above = nodePath.dirname(path);
  const isMissing = above !== path && fs.statSync(path, { throwIfNoEntry: false }) === undefined;
  return isMissing ? realPathOfWhatExists(above) : fs.realpathSync(path);
}
