import nodePath from 'node:path';
import { makePrivateDirectory } from './directory.ts';
import { isPartialName, partialName } from './partial.ts';

/**
 * Makes a private folder under a name of its own in another one, for what is in the making: a later run sweeps it if this
 * one is killed. `work` is part of its name: see `isWorkFolder`. Returns its path.
 */
export function makeWorkFolder(folder: string, work: string): string {
  const path = nodePath.join(folder, partialName(work));
  makePrivateDirectory(path);
  return path;
}

/** Is this the name of such a folder, of this run or another one? */
export function isWorkFolder(name: string, work: string): boolean {
  return name.startsWith(`.${work}.`) && isPartialName(name);
}
