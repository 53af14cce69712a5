import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from '../file-error.ts';
import {
  currentGeneration,
  currentPath,
  generationName,
  generationPath,
  isPublishedLink,
  nextPath,
} from './generation-names.ts';
import { linkPublished, makeLink } from './links.ts';
import type { NewGeneration } from './stage-generation.ts';

/**
 * Puts a staged generation in force: one rename switches all files together. The one before stays until the next is
 * staged. Where there are no links, its files are put in place one by one, in the order of `names`. Can be done again
 * after a crash at any step. The folder is for the caller to bring to the disk.
 */
export function switchGeneration({ directory, id, names }: Omit<NewGeneration, 'files'>): void {
  const generation = generationName(id);
  if (currentGeneration(directory) !== generation) {
    const next = nextPath(directory, id);
    if (!makeLink(generation, next)) return placeOneByOne(directory, id, names);
    explained('replace', currentPath(directory), () => fs.renameSync(next, currentPath(directory)));
  }
  for (const name of names) completeLink(directory, generation, name);
}

/** A file that this generation has is reached by its path, and one that it lacks is not. */
function completeLink(directory: string, generation: string, name: string): void {
  if (fs.existsSync(nodePath.join(directory, generation, name))) linkPublished(directory, name);
  else if (isPublishedLink(directory, name)) fs.rmSync(nodePath.join(directory, name), { force: true });
}

function placeOneByOne(directory: string, id: string, names: readonly string[]): void {
  const folder = generationPath(directory, id);
  for (const name of names.filter((each) => fs.existsSync(nodePath.join(folder, each)))) {
    const path = nodePath.join(directory, name);
    explained('replace', path, () => fs.renameSync(nodePath.join(folder, name), path));
  }
  explained('remove', folder, () => fs.rmdirSync(folder));
}
