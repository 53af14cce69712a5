import fs from 'node:fs';
import { writePartial } from './create-file.ts';
import type { FileAccess } from './create-file.ts';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { partialName, sweepPartials } from './partial.ts';
import { unlinkIfThere } from './remove-entry.ts';

/**
 * Puts a complete file in place, durably: any reader, at any moment and after any crash, sees either the old file or the
 * new one. What was at `path` is replaced, mode included (give its mode and owner to keep them). A link at `path` is
 * itself replaced, so callers that must follow one resolve it first.
 */
export function replaceFile(path: string, data: string | Uint8Array, access: FileAccess): void {
  explained('create', path, () =>
    withDirectoryOf(path, (directory, name) => {
      sweepPartials(directory);
      const partial = writePartial(directory, name, { data, access });
      explained('replace', path, () => putInPlace(directory, partial, name));
    }),
  );
}

/** Makes a symbolic link to `target`, or has the one at `path` lead there: at any moment it leads to one of the two. */
export function replaceLink(path: string, target: string): void {
  explained('create', path, () =>
    withDirectoryOf(path, (directory, name) => {
      sweepPartials(directory);
      const partial = partialName(name);
      fs.symlinkSync(target, directory.at(partial));
      explained('replace', path, () => putInPlace(directory, partial, name));
    }),
  );
}

function putInPlace(directory: OpenDirectory, partial: string, name: string): void {
  try {
    fs.renameSync(directory.at(partial), directory.at(name));
  } catch (error) {
    unlinkIfThere(directory.at(partial));
    throw error;
  }
  directory.sync();
}
