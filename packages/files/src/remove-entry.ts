import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { FileError } from './file-error.ts';
import { withSubdirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { isTrusted, keepsEntries, othersMayWrite } from './trust.ts';
import type { Ownership } from './trust.ts';

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
    if (!isMeant(parent.stats(), directory.stats())) throw exchangeable(nodePath.join(parent.path, name));
    for (const each of directory.names()) removeEntry(directory, each);
  });
  fs.rmdirSync(parent.at(name));
}

/** Nobody could exchange it, or its owner alone, who could remove it as well. */
function isMeant(parent: Ownership, directory: Ownership): boolean {
  if (process.geteuid === undefined || keepsEntries(parent, directory)) return true;
  return directory.uid === parent.uid && !isTrusted(parent.uid) && !othersMayWrite(parent);
}

function exchangeable(path: string): FileError {
  return new FileError(
    'FILE_UNSAFE',
    `cannot remove ${path}: other users can put another directory in its place`,
    {
      hint: `look at what it holds, then remove it: rm -r ${path}`,
    },
  );
}
