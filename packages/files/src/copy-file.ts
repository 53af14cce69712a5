import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { createFile } from './create-file.ts';
import type { FileAccess } from './create-file.ts';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { LARGEST_FILE, readOpenFile } from './read-file.ts';
import { keepsEntries } from './trust.ts';

/**
 * Copies a file to a new one with the same owner, and with those of its permissions that are in `permissions`. A link
 * is followed if only root or the user at work can have put it there: another user's link may lead to a file of root's,
 * and the copy would be readable by that user. Returns whether there is a file to copy. Codes: `FILE_…`.
 */
export function copyFile(path: string, copy: string, permissions: number): boolean {
  const read = explained('read', path, () => withDirectoryOf(path, readDirectoryEntry));
  if (read === undefined) return false;
  const { data, access } = read;
  const mode = (typeof access === 'number' ? access : access.mode) & permissions;
  createFile(copy, data, typeof access === 'number' ? mode : { ...access, mode });
  return true;
}

/** A file of a directory that is held, with whose it is; `undefined` if there is none, or only a link as above. */
export function readDirectoryEntry(
  directory: OpenDirectory,
  name: string,
): { readonly data: Buffer; readonly access: FileAccess } | undefined {
  const file = openEntry(directory, name);
  if (file === undefined) return undefined;
  try {
    const { mode, uid, gid } = fs.fstatSync(file);
    const data = readOpenFile(file, nodePath.join(directory.path, name), LARGEST_FILE);
    return { data, access: mayGive(uid) ? { mode: mode & 0o7777, uid, gid } : mode & 0o777 };
  } finally {
    fs.closeSync(file);
  }
}

/** Only root can make a file for another user. */
function mayGive(uid: number): boolean {
  const user = process.geteuid?.();
  return user === undefined || user === 0 || user === uid;
}

function openEntry(directory: OpenDirectory, name: string): number | undefined {
  const entry = directory.at(name);
  const stats = fs.lstatSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = fs.constants;
  const follows = process.geteuid === undefined || keepsEntries(directory.stats(), stats);
  try {
    return fs.openSync(entry, O_RDONLY | O_NONBLOCK | (follows ? 0 : O_NOFOLLOW));
  } catch (error) {
    if (hasCode(error, 'ENOENT') || (!follows && hasCode(error, 'ELOOP'))) return undefined;
    throw error;
  }
}
