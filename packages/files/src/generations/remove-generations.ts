import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';
import { withDirectoryOf, withSubdirectory } from '../open-directory.ts';
import type { OpenDirectory } from '../open-directory.ts';
import { isMeant, unlinkIfThere } from '../remove-entry.ts';
import { isGenerationName, isPublishedIn, isUnplacedLinkName } from './generation-names.ts';

/**
 * Removes generations of a folder but for some, with the files that a generation has and nothing else: a generation
 * that holds more stays, without its key.
 */
export function removeGenerations(
  directory: OpenDirectory,
  names: readonly string[],
  keep: readonly (string | undefined)[],
): void {
  const others = explained('read', directory.path, directory.names).filter((name) => !keep.includes(name));
  for (const name of others.filter(isUnplacedLinkName)) unlinkLink(directory, name);
  for (const name of others.filter(isGenerationName)) removeGeneration(directory, name, names);
}

/** Takes back a folder that has never had a generation in force: its links, and itself if nothing else is in it. */
export function removeUnpublished(directory: OpenDirectory, names: readonly string[]): void {
  removeGenerations(directory, names, []);
  for (const name of names) if (isPublishedIn(directory, name)) unlinkLink(directory, name);
  withDirectoryOf(directory.path, removeIfEmpty);
}

/**
 * Removes the files that a generation can have, and the folder if nothing else is in it. Where other users can put
 * another directory in its place, it stays.
 */
export function removeGeneration(directory: OpenDirectory, name: string, names: readonly string[]): void {
  explained('remove', nodePath.join(directory.path, name), () => {
    if (fs.lstatSync(directory.at(name), { throwIfNoEntry: false })?.isDirectory() !== true) return;
    const isRemoved = withSubdirectory(directory, name, (generation) => {
      if (!isMeant(directory, generation)) return false;
      for (const file of names) unlinkIfThere(generation.at(file));
      return true;
    });
    if (isRemoved) removeIfEmpty(directory, name);
  });
}

export function unlinkLink(directory: OpenDirectory, name: string): void {
  explained('remove', nodePath.join(directory.path, name), () => {
    const stats = fs.lstatSync(directory.at(name), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) unlinkIfThere(directory.at(name));
  });
}

/** In a generation, or a folder of them, a user may keep other files. */
function removeIfEmpty(directory: OpenDirectory, name: string): void {
  try {
    fs.rmdirSync(directory.at(name));
  } catch (error) {
    if (!KEPT.some((code) => hasCode(error, code))) throw error;
  }
}

const KEPT: readonly string[] = ['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY', 'EROFS'];
