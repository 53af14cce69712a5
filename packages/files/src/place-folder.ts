import fs from 'node:fs';
import nodePath from 'node:path';
import { makeDirectory } from './directory.ts';
import { explained, FileError } from './file-error.ts';
import { makeFilled } from './fill-folder.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { partialName, sweepPartials } from './partial.ts';

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
      const folder = { files: files.map(({ mode, ...file }) => ({ ...file, access: mode })), isSynced: true };
      makeFilled(above, partial, folder, () => putInPlace(above, { partial, name, aside }));
      above.sync();
    }),
  );
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
