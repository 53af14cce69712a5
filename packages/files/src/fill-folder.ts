import fs from 'node:fs';
import nodePath from 'node:path';
import { writeNew } from './create-file.ts';
import type { FileAccess } from './create-file.ts';
import { PRIVATE_DIRECTORY } from './directory.ts';
import { explained, FileError } from './file-error.ts';
import { withSubdirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { give, ownerInside } from './owner.ts';
import { unlinkIfThere } from './remove-entry.ts';

/** A file of a folder that is to be made; its name has no folders in it. */
export type NewFolderFile = {
  readonly name: string;
  readonly data: string | Uint8Array;
  readonly access: FileAccess;
};

type NewFolder = {
  readonly files: readonly NewFolderFile[];
  readonly mode?: number;
  readonly isSynced: boolean;
};

/**
 * Makes a folder and its files in a directory that is held; what fails, `finish` included, leaves nothing. It belongs to
 * `ownerInside`, and others can enter it when it is complete.
 */
export function makeFilled(
  above: OpenDirectory,
  name: string,
  { files, mode = PRIVATE_DIRECTORY, isSynced }: NewFolder,
  finish: () => void = () => undefined,
): void {
  explained('make the folder', nodePath.join(above.path, name), () =>
    fs.mkdirSync(above.at(name), PRIVATE_DIRECTORY),
  );
  withSubdirectory(above, name, (folder) => {
    try {
      requireNew(folder);
      const owner = ownerInside(above.stats());
      for (const { name: file, data, access } of files)
        explained('create', nodePath.join(folder.path, file), () =>
          writeNew(folder, file, { data, access, owner, isSynced }),
        );
      if (folder.descriptor !== undefined) give(folder.descriptor, owner);
      if (mode !== PRIVATE_DIRECTORY) setMode(folder, mode);
      if (isSynced) folder.sync();
      finish();
    } catch (error) {
      discard(folder, files, () => fs.rmdirSync(above.at(name)));
      throw error;
    }
  });
}

/** Another user who may rename a folder could have put a different one in its place. */
function requireNew(folder: OpenDirectory): void {
  const user = process.geteuid?.();
  if (folder.names().length === 0 && (user === undefined || folder.stats().uid === user)) return;
  throw new FileError('FILE_UNSAFE', `${folder.path} was exchanged for another folder while it was made`, {
    hint: 'find out who else changes that folder, or choose another path',
  });
}

function setMode({ descriptor, path }: OpenDirectory, mode: number): void {
  if (descriptor === undefined) fs.chmodSync(path, mode);
  else fs.fchmodSync(descriptor, mode);
}

/** Removes what was made. What cannot be removed is swept by a later run. */
function discard(folder: OpenDirectory, files: readonly NewFolderFile[], removeFolder: () => void): void {
  try {
    for (const name of folder.names().filter((each) => files.some((file) => file.name === each)))
      unlinkIfThere(folder.at(name));
    removeFolder();
  } catch {
    // What matters is the error that came before.
  }
}
