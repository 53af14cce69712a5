import nodePath from 'node:path';
import { makePrivateDirectory } from './directory.ts';
import { partialName } from './partial.ts';

/**
 * Makes a private folder under a name of its own in another one, for what is in the making: a later run sweeps it if this
 * one is killed. Returns its path.
 */
export function makeWorkFolder(folder: string): string {
  const path = nodePath.join(folder, partialName('work'));
  makePrivateDirectory(path);
  return path;
}
