import fs from 'node:fs';
import path from 'node:path';
import { explained, FileError } from './file-error.ts';

/**
 * Throws, before anything is made, what making a folder or writing into it would throw afterwards: `FILE_…`.
 * Returns whether the folder is there.
 */
export function checkFolder(folder: string): boolean {
  return explained('use the folder', folder, () => {
    const isThere = fs.lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
    if (isThere && !fs.statSync(folder).isDirectory()) throw notAFolder(folder);
    fs.accessSync(isThere ? folder : nearestAbove(folder), fs.constants.W_OK);
    return isThere;
  });
}

function nearestAbove(file: string): string {
  const folder = path.dirname(file);
  const isThere = folder === file || fs.lstatSync(folder, { throwIfNoEntry: false }) !== undefined;
  return isThere ? folder : nearestAbove(folder);
}

function notAFolder(file: string): FileError {
  return new FileError('FILE_NOT_REGULAR', `cannot use the folder ${file}: it is not a directory`, {
    hint: 'name a folder, or one that is to be made',
  });
}
