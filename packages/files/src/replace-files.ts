import fs from 'node:fs';
import nodePath from 'node:path';
import { writePartial } from './create-file.ts';
import { explained } from './file-error.ts';
import { withDirectory } from './open-directory.ts';
import type { OpenDirectory } from './open-directory.ts';
import { sweepPartials } from './partial.ts';
import type { FolderFile } from './place-folder.ts';
import { unlinkIfThere } from './remove-entry.ts';
import { syncAll } from './sync-all.ts';

/**
 * Puts many files in place in a folder that exists, as `replaceFile` does with one: any reader, at any moment and after
 * any crash, sees the old or the new file of each name. They come in order, and after a failure some may be in place
 * and others not.
 */
export function replaceFiles(folder: string, files: readonly FolderFile[]): void {
  explained('use the folder', folder, () =>
    withDirectory(folder, (directory) => replaceAll(directory, files)),
  );
}

function replaceAll(directory: OpenDirectory, files: readonly FolderFile[]): void {
  const { path } = directory;
  sweepPartials(directory);
  const made = new Map<string, string>();
  try {
    for (const file of files) made.set(file.name, makePartial(directory, file));
    const partials = [...made.values()].map((name) => nodePath.join(path, name));
    syncAll(path, { files: partials, folders: [] });
    for (const [name, partial] of made) {
      explained('replace', nodePath.join(path, name), () =>
        fs.renameSync(directory.at(partial), directory.at(name)),
      );
    }
  } catch (error) {
    for (const partial of made.values()) unlinkIfThere(directory.at(partial));
    throw error;
  }
  explained('sync', path, directory.sync);
}

function makePartial(directory: OpenDirectory, { name, data, mode }: FolderFile): string {
  return explained('create', nodePath.join(directory.path, name), () =>
    writePartial(directory, name, { data, access: mode, isSynced: false }),
  );
}
