import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, FileError } from '../file-error.ts';
import { makeFilled } from '../fill-folder.ts';
import { lstatIfExists } from '../look.ts';
import { withDirectory } from '../open-directory.ts';
import type { OpenDirectory } from '../open-directory.ts';
import type { FolderFile } from '../place-folder.ts';
import type { Unsynced } from '../sync-all.ts';
import { adoptPlainFiles } from './adopt-plain-files.ts';
import { currentIn, generationName, generationPath, nextName } from './generation-names.ts';
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
export function stageGeneration({ directory, ...generation }: NewGeneration): Unsynced {
  return withPlainDirectory(directory, (held) => stageIn(held, generation));
}

/** Takes back what `stageGeneration` made and nothing has put in force; a crash may have come before the folder. */
export function cancelGeneration({ directory, names }: Pick<NewGeneration, 'directory' | 'names'>): void {
  if (lstatIfExists(directory) === undefined) return;
  withPlainDirectory(directory, (held) => cancelIn(held, names));
}

/** As `stageGeneration`, in a directory that is held. */
export function stageIn(
  directory: OpenDirectory,
  { id, names, files }: Omit<NewGeneration, 'directory'>,
): Unsynced {
  const next = nextName(id);
  const canLink = makeLink(directory, generationName(id), next);
  if (canLink) adoptPlainFiles(directory, names);
  removeGenerations(directory, names, [currentIn(directory), next]);
  makeFilled(directory, generationName(id), {
    files: files.map(({ mode, ...file }) => ({ ...file, access: mode })),
    mode: modeInside(directory),
    isSynced: false,
  });
  const missing = files.filter(({ name }) => !fs.existsSync(directory.at(name)));
  if (canLink) for (const { name } of missing) linkPublished(directory, name);
  const folder = generationPath(directory.path, id);
  return { files: files.map(({ name }) => nodePath.join(folder, name)), folders: [folder, directory.path] };
}

export function cancelIn(directory: OpenDirectory, names: readonly string[]): void {
  const current = currentIn(directory);
  if (current === undefined) removeUnpublished(directory, names);
  else removeGenerations(directory, names, [current]);
}

/** Holds a folder of generations: it exists, and is not a link to one. */
export function withPlainDirectory<T>(path: string, work: (directory: OpenDirectory) => T): T {
  return explained('use the folder', path, () => {
    if (fs.lstatSync(path).isDirectory()) return withDirectory(path, work);
    throw new FileError('FILE_NOT_REGULAR', `${path} is not a directory`, {
      hint: 'move it away, and run the command again',
    });
  });
}

/** As private as the folder that it is in: who may read a certificate there can still do so. */
function modeInside(directory: OpenDirectory): number {
  return 0o700 | (directory.stats().mode & 0o055);
}
