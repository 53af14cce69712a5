import fs from 'node:fs';
import { hasCode, shellWord } from '@docker-mtls/errors';
import { FileError } from './file-error.ts';
import { withSubdirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { isTrusted, keepsEntries, othersMayWrite } from './trust.ts';

/**
 * Removes an entry, and all that is in it; links are removed, never followed. One that is missing is no fault. Throws
 * `FILE_UNSAFE` for a directory that another user could have put in the place of the one that is meant.
 */
export function removeEntry(directory: OpenDirectory, name: string): void {
  const entry = fs.lstatSync(directory.at(name), { throwIfNoEntry: false });
  if (entry === undefined) return;
  if (entry.isDirectory()) removeDirectory(directory, name);
  else unlinkIfThere(directory.at(name));
}

export function unlinkIfThere(path: string): void {
  try {
    fs.unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function removeDirectory(parent: OpenDirectory, name: string): void {
  withSubdirectory(parent, name, (directory) => {
    requireMeant(parent, directory);
    for (const each of directory.names()) removeEntry(directory, each);
  });
  fs.rmdirSync(parent.at(name));
}

/** Can nobody else have put this directory where it is? Nobody could exchange it, or its owner alone, who may remove it. */
export function isMeant(parent: OpenDirectory, directory: OpenDirectory): boolean {
  const [above, own] = [parent.stats(), directory.stats()];
  if (process.geteuid === undefined || keepsEntries(above, own)) return true;
  return own.uid === above.uid && !isTrusted(above.uid) && !othersMayWrite(above);
}

/** Throws `FILE_UNSAFE` for one that is not `isMeant`. */
export function requireMeant(parent: OpenDirectory, directory: OpenDirectory): void {
  if (!isMeant(parent, directory)) throw exchangeable(directory.path);
}

function exchangeable(path: string): FileError {
  return new FileError(
    'FILE_UNSAFE',
    `cannot remove ${path}: other users can put another directory in its place`,
    {
      hint: `look at what it holds, then remove it: rm -r ${shellWord(path)}`,
    },
  );
}
