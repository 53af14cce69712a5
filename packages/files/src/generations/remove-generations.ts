import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from '../file-error.ts';
import { currentPath, generationsIn, isPublishedLink, unplacedLinksIn } from './generation-names.ts';

/**
 * Removes generations of a folder but for some, with the files that a generation has and nothing else: a generation
 * that holds more stays, without its key. Returns whether there were any.
 */
export function removeGenerations(
  directory: string,
  names: readonly string[],
  keep: readonly (string | undefined)[],
): boolean {
  const unplaced = unplacedLinksIn(directory).filter((name) => !keep.includes(name));
  for (const name of unplaced) unlinkLink(nodePath.join(directory, name));
  const removed = generationsIn(directory).filter((name) => !keep.includes(name));
  for (const generation of removed) removeGeneration(nodePath.join(directory, generation), names);
  return removed.length > 0 || unplaced.length > 0;
}

/** Takes back a folder that has never had a generation in force: its links, and itself if nothing else is in it. */
export function removeUnpublished(directory: string, names: readonly string[]): void {
  removeGenerations(directory, names, []);
  for (const name of names)
    if (isPublishedLink(directory, name)) fs.unlinkSync(nodePath.join(directory, name));
  removeIfEmpty(directory);
}

/** Takes back all that was published in a folder, and the folder if nothing else is in it. */
export function removePublished(directory: string, names: readonly string[]): void {
  unlinkLink(currentPath(directory));
  removeUnpublished(directory, names);
}

/** Removes the files that a generation can have, and the folder if nothing else is in it. */
export function removeGeneration(path: string, names: readonly string[]): void {
  explained('remove', path, () => {
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
    for (const name of names) fs.rmSync(nodePath.join(path, name), { force: true });
    removeIfEmpty(path);
  });
}

function unlinkLink(path: string): void {
  explained('remove', path, () => {
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) fs.unlinkSync(path);
  });
}

function removeIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch {
    // Somebody keeps other files in it.
  }
}
