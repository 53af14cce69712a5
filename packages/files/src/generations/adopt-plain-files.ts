import fs from 'node:fs';
import nodePath from 'node:path';
import { createFile } from '../create-file.ts';
import { syncDirectory } from '../directory.ts';
import { explained } from '../file-error.ts';
import { readFileIfExists } from '../read-file.ts';
import {
  currentGeneration,
  currentPath,
  generationName,
  generationPath,
  isPublishedLink,
  newGenerationId,
  nextPath,
} from './generation-names.ts';
import { linkPublished, makeLink } from './links.ts';
import { removeGeneration } from './remove-generations.ts';

/**
 * Turns a folder of plain files, as earlier releases wrote them, into one of links. Each path exists and has the same
 * content at every instant: the files are copied to a generation, that is put in force, and only then does a link take
 * the place of each. Can be done again after a crash at any step.
 */
export function adoptPlainFiles(directory: string, names: readonly string[]): void {
  const present = names.filter((name) => fs.existsSync(nodePath.join(directory, name)));
  if (present.every((name) => isPublishedLink(directory, name))) return;
  const id = newGenerationId();
  copyTo(generationPath(directory, id), directory, present);
  makeLink(generationName(id), nextPath(directory, id));
  // A copy that followed links (scp -r) has a folder there, with one more copy of the key.
  if (currentGeneration(directory) === undefined) removeGeneration(currentPath(directory), names);
  explained('replace', currentPath(directory), () =>
    fs.renameSync(nextPath(directory, id), currentPath(directory)),
  );
  syncDirectory(directory);
  for (const name of present) linkPublished(directory, name);
}

function copyTo(folder: string, directory: string, names: readonly string[]): void {
  explained('make the folder', folder, () => fs.mkdirSync(folder, fs.statSync(directory).mode & 0o755));
  for (const name of names) {
    const path = nodePath.join(directory, name);
    const { mode, uid, gid } = explained('look at', path, () => fs.statSync(path));
    const data = readFileIfExists(path);
    if (data !== undefined) createFile(nodePath.join(folder, name), data, { mode, uid, gid });
  }
  syncDirectory(folder);
  syncDirectory(directory);
}
