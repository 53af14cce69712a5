import fs from 'node:fs';
import nodePath from 'node:path';
import { createFile } from './create-file.ts';
import { makeDirectory, PRIVATE_DIRECTORY, syncDirectory } from './directory.ts';
import { explained, FileError } from './file-error.ts';
import { partialPath, sweepPartials } from './partial.ts';

/** A file of a folder that is to be placed; its name has no folders in it. */
export type FolderFile = { readonly name: string; readonly data: string | Uint8Array; readonly mode: number };

/**
 * Puts a whole folder in place, private and durably: any reader, at any moment and after any crash, sees all of it or
 * nothing. What stands there is renamed to `aside`; without that it is refused (`FILE_EXISTS`).
 */
export function placeFolder(path: string, files: readonly FolderFile[], aside?: string): void {
  const above = nodePath.dirname(path);
  makeDirectory(above);
  sweepPartials(path);
  const partial = partialPath(path);
  try {
    fillFolder(partial, files);
    explained('replace', path, () => putInPlace(partial, path, aside));
  } catch (error) {
    fs.rmSync(partial, { recursive: true, force: true });
    throw error;
  }
  syncDirectory(above);
}

function fillFolder(folder: string, files: readonly FolderFile[]): void {
  explained('make the folder', folder, () => fs.mkdirSync(folder, PRIVATE_DIRECTORY));
  for (const { name, data, mode } of files) createFile(nodePath.join(folder, name), data, mode);
  syncDirectory(folder);
}

function putInPlace(partial: string, path: string, aside: string | undefined): void {
  // A rename would take the place of an empty folder without a word.
  const isThere = fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!isThere) {
    fs.renameSync(partial, path);
    return;
  }
  if (aside === undefined) throw exists(path);
  fs.renameSync(path, aside);
  try {
    fs.renameSync(partial, path);
  } catch (error) {
    fs.renameSync(aside, path);
    throw error;
  }
}

function exists(path: string): FileError {
  return new FileError('FILE_EXISTS', `cannot create ${path}: it exists already`, {
    hint: 'choose another name, or move it away',
  });
}
