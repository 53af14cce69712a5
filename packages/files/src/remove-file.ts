import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { removeEntry, unlinkIfThere } from './remove-entry.ts';

type Remove = (directory: OpenDirectory, name: string) => void;

/** Removes a file or a link, for good after any crash; one that is missing is no fault. Codes: `FILE_…`. */
export function removeFile(path: string): void {
  remove(path, (directory, name) => {
    unlinkIfThere(directory.at(name));
    directory.sync();
  });
}

/**
 * Removes a folder with all that is in it, for good after any crash; one that is missing is no fault. Links in it are
 * removed, never followed. Codes: `FILE_…`, `FILE_UNSAFE` where other users could have exchanged it.
 */
export function removeFolder(path: string): void {
  remove(path, (directory, name) => {
    removeEntry(directory, name);
    directory.sync();
  });
}

/** As `removeFile` or `removeFolder`, whichever it is; after a crash, it may be there again. */
export function removeUnsynced(path: string): void {
  remove(path, removeEntry);
}

function remove(path: string, step: Remove): void {
  explained('remove', path, () => {
    try {
      withDirectoryOf(path, step);
    } catch (error) {
      // The folder above is missing.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  });
}

/** Removes a folder that is empty; one that is not, or is missing, stays so. The caller brings that to the disk. */
export function removeFolderIfEmpty(path: string): void {
  try {
    remove(path, ({ at }, name) => fs.rmdirSync(at(name)));
  } catch (error) {
    const { cause } = error as Error;
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].some((code) => hasCode(cause, code))) throw error;
  }
}
