import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from './file-error.ts';

export const PRIVATE_DIRECTORY = 0o700;

/**
 * Makes a folder that only its owner can enter, and the folders above it as the umask has them, durably. One that
 * exists is left as it is. Returns whether it was made.
 */
export function makePrivateDirectory(path: string): boolean {
  const above = nodePath.dirname(path);
  makeDirectory(above);
  const isMade = makePrivateUnsynced(path);
  if (isMade) syncDirectory(above);
  return isMade;
}

/** As `makePrivateDirectory`, in a folder that is there, and that is for the caller to bring to the disk. */
export function makePrivateUnsynced(path: string): boolean {
  return explained('make the folder', path, () => {
    try {
      fs.mkdirSync(path, PRIVATE_DIRECTORY);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST') && fs.statSync(path).isDirectory()) return false;
      throw error;
    }
  });
}

/** Makes a folder and those above it, where they are missing, with that mode or as the umask has them, durably. */
export function makeDirectory(path: string, mode?: number): void {
  const highest = explained('make the folder', path, () => fs.mkdirSync(path, { recursive: true, mode }));
  if (highest === undefined) return;
  const top = nodePath.dirname(nodePath.resolve(highest));
  for (let made = nodePath.resolve(path); made !== top; made = nodePath.dirname(made))
    syncDirectory(nodePath.dirname(made));
}

/** Brings a folder's entries (creations, renames, removals) to the disk. */
export function syncDirectory(path: string): void {
  // Windows has no such call, and no need of it: NTFS journals its folders.
  if (process.platform === 'win32') return;
  explained('sync', path, () => {
    const folder = fs.openSync(path, 'r');
    try {
      fs.fsyncSync(folder);
    } finally {
      fs.closeSync(folder);
    }
  });
}
