import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';
import { makeFilled } from '../fill-folder.ts';
import type { NewFolderFile } from '../fill-folder.ts';
import { withSubdirectory } from '../open-directory.ts';
import type { OpenDirectory } from '../open-directory.ts';
import { readDirectoryEntry } from '../copy-file.ts';
import {
  CURRENT,
  currentIn,
  generationName,
  isPublishedIn,
  newGenerationId,
  nextName,
} from './generation-names.ts';
import { linkPublished, makeLink, rename } from './links.ts';
import { removeGeneration } from './remove-generations.ts';

/**
 * Turns a folder of plain files, as earlier releases wrote them, into one of links. Each path exists and has the same
 * content at every instant: the files are copied to a generation, that is put in force, and only then does a link take
 * the place of each. Can be done again after a crash at any step. A link that another user could have put there is
 * not followed, and stays until the next generation is in force.
 */
export function adoptPlainFiles(directory: OpenDirectory, names: readonly string[]): void {
  const plain = filesOf(
    directory,
    names.filter((name) => !isPublishedIn(directory, name)),
  );
  if (plain.length === 0) return;
  const files = [...publishedFiles(directory, names), ...plain];
  const id = newGenerationId();
  const mode = directory.stats().mode & 0o755;
  makeFilled(directory, generationName(id), { files, mode, isSynced: true });
  explained('sync', directory.path, directory.sync);
  makeLink(directory, generationName(id), nextName(id));
  // A copy that followed links (scp -r) has a folder there, with one more copy of the key.
  if (currentIn(directory) === undefined) removeGeneration(directory, CURRENT, names);
  rename(directory, nextName(id), CURRENT);
  explained('sync', directory.path, directory.sync);
  for (const { name } of files) linkPublished(directory, name);
}

/** Of the generation in force. */
function publishedFiles(directory: OpenDirectory, names: readonly string[]): readonly NewFolderFile[] {
  const published = names.filter((name) => isPublishedIn(directory, name));
  try {
    return withSubdirectory(directory, currentIn(directory) ?? CURRENT, (generation) =>
      filesOf(generation, published),
    );
  } catch (error) {
    // ENOTDIR: it is a link, but not to a generation.
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

function filesOf(directory: OpenDirectory, names: readonly string[]): readonly NewFolderFile[] {
  return names.flatMap((name) => {
    const path = nodePath.join(directory.path, name);
    const read = explained('read', path, () => readDirectoryEntry(directory, name));
    return read === undefined ? [] : [{ name, ...read }];
  });
}
