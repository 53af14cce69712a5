import fs from 'node:fs';
import nodePath from 'node:path';
import { createUnsynced } from './create-file.ts';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';
import { partialPath, sweepPartialsOf } from './partial.ts';
import type { FolderFile } from './place-folder.ts';
import { syncAll } from './sync-all.ts';

/**
 * Puts many files in place in a folder that is there, as `replaceFile` does with one: any reader, at any moment and
 * after any crash, sees the old or the new file of each name. They come in order, and after a failure some may be in
 * place and others not.
 */
export function replaceFiles(folder: string, files: readonly FolderFile[]): void {
  const names = files.map(({ name }) => name);
  sweepPartialsOf(folder, names);
  const paths = names.map((name) => nodePath.join(folder, name));
  const made: string[] = [];
  try {
    for (const file of files) made.push(makePartial(folder, file));
    syncAll(folder, { files: made, folders: [] });
    for (const path of paths) explained('replace', path, () => fs.renameSync(partialPath(path), path));
  } catch (error) {
    for (const partial of made) fs.rmSync(partial, { force: true });
    throw error;
  }
  syncDirectory(folder);
}

function makePartial(folder: string, { name, data, mode }: FolderFile): string {
  const path = nodePath.join(folder, name);
  const partial = partialPath(path);
  createUnsynced(partial, data, mode, path);
  return partial;
}
