import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from '../file-error.ts';
import { withSubdirectory } from '../open-directory.ts';
import type { OpenDirectory } from '../open-directory.ts';
import { requireMeant, unlinkIfThere } from '../remove-entry.ts';
import { CURRENT, currentIn, generationName, isNextIn, isPublishedIn, nextName } from './generation-names.ts';
import { linkPublished, makeLink, rename } from './links.ts';
import { withPlainDirectory } from './stage-generation.ts';
import type { NewGeneration } from './stage-generation.ts';

/**
 * Puts a staged generation in force: one rename switches all files together. The one before stays until the next is
 * staged. Where there are no links, its files are put in place one by one, in the order of `names`. Can be done again
 * after a crash at any step. The folder is for the caller to bring to the disk.
 */
export function switchGeneration({ directory, ...generation }: Omit<NewGeneration, 'files'>): void {
  withPlainDirectory(directory, (held) => switchIn(held, generation));
}

/** As `switchGeneration`, in a directory that is held. */
export function switchIn(directory: OpenDirectory, { id, names }: Pick<NewGeneration, 'id' | 'names'>): void {
  const generation = generationName(id);
  if (currentIn(directory) !== generation) {
    const next = nextName(id);
    if (!isNextIn(directory, id) && !makeLink(directory, generation, next))
      return placeOneByOne(directory, generation, names);
    rename(directory, next, CURRENT);
  }
  for (const name of names) completeLink(directory, generation, name);
}

/** A file that this generation has is reached by its path, and one that it lacks is not. */
function completeLink(directory: OpenDirectory, generation: string, name: string): void {
  if (fs.existsSync(nodePath.join(directory.at(generation), name))) linkPublished(directory, name);
  else if (isPublishedIn(directory, name)) unlinkIfThere(directory.at(name));
}

function placeOneByOne(directory: OpenDirectory, generation: string, names: readonly string[]): void {
  withSubdirectory(directory, generation, (folder) => {
    requireMeant(directory, folder);
    for (const name of names.filter((each) => fs.existsSync(folder.at(each)))) {
      explained('replace', nodePath.join(directory.path, name), () =>
        fs.renameSync(folder.at(name), directory.at(name)),
      );
    }
  });
  explained('remove', nodePath.join(directory.path, generation), () =>
    fs.rmdirSync(directory.at(generation)),
  );
}
