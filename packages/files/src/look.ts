import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explained } from './file-error.ts';

/** What is at a path, links followed; `undefined` if it is missing. What may not be looked at is not taken for missing. */
export function statIfExists(path: string): fs.Stats | undefined {
  return explained('look at', path, () => fs.statSync(path, { throwIfNoEntry: false }) ?? missing(path));
}

/** From Node 22 on, a path below a file is missing for `statSync`, and an error for `lstatSync`, as both are before. */
function missing(path: string): undefined {
  fs.lstatSync(path, { throwIfNoEntry: false });
}

/** As `statIfExists`, of a link itself. */
export function lstatIfExists(path: string): fs.Stats | undefined {
  return explained('look at', path, () => fs.lstatSync(path, { throwIfNoEntry: false }));
}

/** Does a path lead to anything? Codes: `FILE_…`, unlike `fs.existsSync`, which takes every failure for a no. */
export function exists(path: string): boolean {
  return statIfExists(path) !== undefined;
}

/** The names of what is in a folder; none if it is missing. */
export function namesIn(folder: string): readonly string[] {
  try {
    return explained('read', folder, () => fs.readdirSync(folder));
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return [];
    throw error;
  }
}

/** Where a path leads, without links. */
export function realPath(path: string): string {
  return explained('look at', path, () => fs.realpathSync(path));
}
