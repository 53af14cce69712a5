import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained, FileError } from './file-error.ts';
import { makeEntry } from './new-directory.ts';
import { syncPath, withDirectory, withDirectoryOf } from './open-directory.ts';
import { ownDescriptors } from './walk.ts';

export const PRIVATE_DIRECTORY = 0o700;

/** Others may enter, and change nothing: with what they put into it, they could lead its owner. */
const PUBLIC_DIRECTORY = 0o755;

/**
 * Makes a folder that only its owner can enter, and the folders above it as `makeDirectory` does, durably. One that
 * exists is left as it is. Returns whether it was made.
 */
export function makePrivateDirectory(path: string): boolean {
  makeDirectory(nodePath.dirname(nodePath.resolve(path)));
  return makePrivate(path, { isSynced: true });
}

/** As `makePrivateDirectory`, in a folder that exists, and that the caller brings to the disk. */
export function makePrivateUnsynced(path: string): boolean {
  return makePrivate(path, { isSynced: false });
}

function makePrivate(path: string, { isSynced }: { readonly isSynced: boolean }): boolean {
  return explained('make the folder', path, () =>
    withDirectoryOf(path, (above, name) => {
      const entry = above.at(name);
      const isMade = makeEntry({ entry, inside: above.stats(), mode: PRIVATE_DIRECTORY });
      if (!isMade && !fs.statSync(entry).isDirectory()) throw notADirectory(path);
      if (isMade && isSynced) above.sync();
      return isMade;
    }),
  );
}

/**
 * Makes a folder and those above it, where they are missing, with that mode, durably. The umask may take more away; nobody
 * but their owner can write to them, whatever it is.
 */
export function makeDirectory(path: string, mode: number = PUBLIC_DIRECTORY): void {
  makeFolders(path, { mode, isExact: false });
}

/** As `makeDirectory`, for programs of other users: they can enter what is made, whatever the umask. */
export function makePublicDirectory(path: string): void {
  makeFolders(path, { mode: PUBLIC_DIRECTORY, isExact: true });
}

type FolderMode = { readonly mode: number; readonly isExact: boolean };

function makeFolders(path: string, { mode, isExact }: FolderMode): void {
  explained('make the folder', path, () => {
    if (ownDescriptors() === undefined) return makePlain(path, mode);
    return withDirectory(
      path,
      () => undefined,
      ({ entry, parent }) => {
        if (makeEntry({ entry, inside: fs.statSync(parent), mode, isExact })) syncPath(parent);
      },
    );
  });
}

function makePlain(path: string, mode: number): void {
  const highest = makeMissing(path, mode);
  if (highest === undefined) return;
  const top = nodePath.dirname(nodePath.resolve(highest));
  for (let made = nodePath.resolve(path); made !== top; made = nodePath.dirname(made))
    syncDirectory(nodePath.dirname(made));
}

/** Returns the highest folder that was made. */
function makeMissing(path: string, mode: number): string | undefined {
  try {
    return fs.mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw hasCode(error, 'EEXIST') ? notADirectory(path) : error;
  }
}

/** Brings a folder's entries (creations, renames, removals) to the disk. */
export function syncDirectory(path: string): void {
  explained('sync', path, () => withDirectory(path, ({ sync }) => sync()));
}

function notADirectory(path: string): FileError {
  return new FileError('FILE_NOT_REGULAR', `cannot make the folder ${path}: it is not a directory`, {
    hint: 'move it away, or choose another path',
  });
}
