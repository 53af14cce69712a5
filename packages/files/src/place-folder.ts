import fs from 'node:fs';
import nodePath from 'node:path';
import { writeNew } from './create-file.ts';
import { makeDirectory, PRIVATE_DIRECTORY } from './directory.ts';
import { explained, FileError } from './file-error.ts';
import { withDirectoryOf, withSubdirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { give, ownerInside } from './owner.ts';
import { partialName, sweepPartials } from './partial.ts';
import { unlinkIfThere } from './remove-entry.ts';

/** A file of a folder that is to be placed; its name has no folders in it. */
export type FolderFile = { readonly name: string; readonly data: string | Uint8Array; readonly mode: number };

/**
 * Puts a complete folder in place, private and durably: any reader, at any moment and after any crash, sees all of it or
 * nothing. What exists there is renamed to `aside`, in the same folder; without that it is refused (`FILE_EXISTS`).
 */
export function placeFolder(path: string, files: readonly FolderFile[], aside?: string): void {
  makeDirectory(nodePath.dirname(nodePath.resolve(path)));
  explained('create', path, () =>
    withDirectoryOf(path, (above, name) => {
      sweepPartials(above);
      const partial = partialName(name);
      fs.mkdirSync(above.at(partial), PRIVATE_DIRECTORY);
      withSubdirectory(above, partial, (folder) => {
        try {
          fillFolder(folder, files, above);
          putInPlace(above, { partial, name, aside });
        } catch (error) {
          discard(folder, files, () => fs.rmdirSync(above.at(partial)));
          throw error;
        }
      });
      above.sync();
    }),
  );
}

function fillFolder(folder: OpenDirectory, files: readonly FolderFile[], above: OpenDirectory): void {
  requireNew(folder);
  const owner = ownerInside(above.stats());
  for (const { name, data, mode } of files) writeNew(folder, name, { data, access: mode, owner });
  if (folder.descriptor !== undefined) give(folder.descriptor, owner);
  folder.sync();
}

/** Who may rename a folder could have put a different one in its place. */
function requireNew(folder: OpenDirectory): void {
  const user = process.geteuid?.();
  if (folder.names().length === 0 && (user === undefined || folder.stats().uid === user)) return;
  throw new FileError('FILE_UNSAFE', `${folder.path} was exchanged for another folder while it was made`, {
    hint: 'find out who else changes that folder, or choose another path',
  });
}

/** Removes what was made. What cannot be removed is swept by a later run. */
function discard(folder: OpenDirectory, files: readonly FolderFile[], removeFolder: () => void): void {
  try {
    for (const name of folder.names().filter((each) => files.some((file) => file.name === each)))
      unlinkIfThere(folder.at(name));
    removeFolder();
  } catch {
    // What matters is the error that came before.
  }
}

type Names = { readonly partial: string; readonly name: string; readonly aside: string | undefined };

function putInPlace(above: OpenDirectory, { partial, name, aside }: Names): void {
  const [from, to] = [above.at(partial), above.at(name)];
  // A rename would silently take the place of an empty folder.
  if (fs.lstatSync(to, { throwIfNoEntry: false }) === undefined) return fs.renameSync(from, to);
  if (aside === undefined) throw exists(nodePath.join(above.path, name));
  const kept = above.at(nodePath.basename(aside));
  fs.renameSync(to, kept);
  try {
    fs.renameSync(from, to);
  } catch (error) {
    fs.renameSync(kept, to);
    throw error;
  }
}

function exists(path: string): FileError {
  return new FileError('FILE_EXISTS', `cannot create ${path}: it exists already`, {
    hint: 'choose another name, or move it away',
  });
}
