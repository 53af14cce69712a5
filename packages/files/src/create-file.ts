import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { give, ownerInside } from './owner.ts';
import type { FileOwner } from './owner.ts';
import { partialName, sweepPartials } from './partial.ts';
import { unlinkIfThere } from './remove-entry.ts';

export const PRIVATE_FILE = 0o600;
export const PUBLIC_FILE = 0o644;

/** A file's mode, or its mode and owner as another file has them. With a mode alone, its owner is `ownerInside`. */
export type FileAccess = number | (FileOwner & { readonly mode: number });

/** Until a wanted owner is set, nobody else may open the new file. */
const UNTIL_OWNED = 0o600;

/**
 * Makes a new file, complete and on the disk from the moment that it has its name. Its mode is set by the `open` call.
 * A file or link that exists already is refused (`FILE_EXISTS`). The directory is not synced.
 */
export function createFile(path: string, data: string | Uint8Array, access: FileAccess): void {
  explained('create', path, () =>
    withDirectoryOf(path, (directory, name) => {
      // A run that was killed may have made the file, and have left its other name.
      sweepPartials(directory);
      refuseExisting(directory.at(name));
      const partial = writePartial(directory, name, { data, access });
      try {
        publish(directory.at(partial), directory.at(name));
      } finally {
        unlinkIfThere(directory.at(partial));
      }
    }),
  );
}

/**
 * Makes a new file in a folder that is in the making itself: a kill can leave it half written. The caller brings it to
 * the disk, together with others: `syncAll`.
 */
export function createUnsynced(path: string, data: string | Uint8Array, access: FileAccess): void {
  explained('create', path, () =>
    withDirectoryOf(path, (directory, name) => writeNew(directory, name, { data, access, isSynced: false })),
  );
}

export type NewFile = {
  readonly data: string | Uint8Array;
  readonly access: FileAccess;
  /** Is it on the disk when the call returns? It is, unless told. */
  readonly isSynced?: boolean;
  /** Instead of `ownerInside`. */
  readonly owner?: FileOwner | undefined;
};

/** Makes a file under a name of its own, next to where it is to be. Returns that name. */
export function writePartial(directory: OpenDirectory, name: string, file: NewFile): string {
  // A name that the file system cannot have is refused before anything is made.
  fs.lstatSync(directory.at(name), { throwIfNoEntry: false });
  const partial = partialName(name);
  writeNew(directory, partial, file);
  return partial;
}

/** Makes a file in a directory that is held. What fails leaves nothing. */
export function writeNew(directory: OpenDirectory, name: string, file: NewFile): void {
  const { data, access, isSynced = true, owner = ownerInside(directory.stats()) } = file;
  const path = directory.at(name);
  const descriptor = fs.openSync(path, 'wx', typeof access === 'number' ? access : UNTIL_OWNED);
  try {
    if (typeof access === 'number') give(descriptor, owner);
    else takeAccess(descriptor, access);
    fs.writeFileSync(descriptor, data);
    if (isSynced) fs.fsyncSync(descriptor);
  } catch (error) {
    unlinkIfThere(path);
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

function takeAccess(file: number, { mode, uid, gid }: Exclude<FileAccess, number>): void {
  const made = fs.fstatSync(file);
  if (made.uid !== uid || made.gid !== gid) fs.fchownSync(file, uid, gid);
  // FAT refuses modes that it cannot keep, but not where they come with the `open` call.
  if ((mode & 0o7777) !== UNTIL_OWNED) fs.fchmodSync(file, mode & 0o7777);
}

function refuseExisting(path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw Object.assign(new Error('EEXIST: file already exists'), { code: 'EEXIST', syscall: 'link' });
}

/** A hard link is the one way to name a file that refuses a name in use; some file systems have none. */
function publish(partial: string, path: string): void {
  try {
    fs.linkSync(partial, path);
  } catch (error) {
    if (!NO_LINKS.some((code) => hasCode(error, code))) throw error;
    refuseExisting(path);
    fs.renameSync(partial, path);
  }
}

const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];
