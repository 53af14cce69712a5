import fs from 'node:fs';
import nodePath from 'node:path';
import { createUnsynced } from '../create-file.ts';
import { explained, FileError } from '../file-error.ts';
import type { FolderFile } from '../place-folder.ts';
import type { Unsynced } from '../sync-all.ts';
import { adoptPlainFiles } from './adopt-plain-files.ts';
import { currentGeneration, generationName, generationPath, nextPath } from './generation-names.ts';
import { linkPublished, makeLink } from './links.ts';
import { removeGenerations, removeUnpublished } from './remove-generations.ts';

/** What is to become the generation in force of a folder. */
export type NewGeneration = {
  readonly directory: string;
  /** Lower-case letters and digits. */
  readonly id: string;
  /** The names of all files that a generation of this folder can have. */
  readonly names: readonly string[];
  /** Those that this one has. */
  readonly files: readonly FolderFile[];
};

/**
 * Writes the files of a new generation; readers see none of it. The folder exists, and from here on its published
 * files are links into the generation in force. The one before that is removed: there are never more than two.
 * Returns what is to be brought to the disk before `switchGeneration`. Codes: `FILE_…`.
 */
export function stageGeneration({ directory, id, names, files }: NewGeneration): Unsynced {
  refuseNoDirectory(directory);
  const next = nextPath(directory, id);
  const canLink = makeLink(generationName(id), next);
  if (canLink) adoptPlainFiles(directory, names);
  removeGenerations(directory, names, [currentGeneration(directory), nodePath.basename(next)]);
  const folder = generationPath(directory, id);
  makeGeneration(directory, folder);
  for (const { name, data, mode } of files) createUnsynced(nodePath.join(folder, name), data, mode);
  if (canLink) for (const { name } of files) linkPublished(directory, name);
  return { files: files.map(({ name }) => nodePath.join(folder, name)), folders: [folder, directory] };
}

/** As private as the folder that it is in: whoever may read a certificate there goes on to do so. */
function makeGeneration(directory: string, folder: string): void {
  explained('make the folder', folder, () => {
    fs.mkdirSync(folder, 0o700);
    const mode = 0o700 | (fs.statSync(directory).mode & 0o055);
    if (mode !== 0o700) fs.chmodSync(folder, mode);
  });
}

function refuseNoDirectory(directory: string): void {
  const isDirectory = explained('look at', directory, () => fs.lstatSync(directory).isDirectory());
  if (isDirectory) return;
  throw new FileError('FILE_NOT_REGULAR', `${directory} is not a directory`, {
    hint: 'move it away, and run the command again',
  });
}

/** Takes back what `stageGeneration` made and nothing has put in force. */
export function cancelGeneration({ directory, names }: Pick<NewGeneration, 'directory' | 'names'>): void {
  const current = currentGeneration(directory);
  if (current === undefined) removeUnpublished(directory, names);
  else removeGenerations(directory, names, [current]);
}
