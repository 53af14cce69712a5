import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';
import type { OpenDirectory } from '../open-directory.ts';
import { isPublishedIn, newGenerationId, publishedTarget } from './generation-names.ts';

/** FAT and exFAT: EPERM; SMB, FUSE and 9P: EOPNOTSUPP, ENOSYS or EINVAL. */
const WITHOUT_LINKS = ['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL'];

/**
 * Makes a link, or finds it made. `false`: there are no links here. On Windows it takes a right that users do not have.
 */
export function makeLink(directory: OpenDirectory, target: string, name: string): boolean {
  if (process.platform === 'win32') return false;
  try {
    fs.symlinkSync(target, directory.at(name));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true;
    if (WITHOUT_LINKS.some((code) => hasCode(error, code))) return false;
    return explained('create', nodePath.join(directory.path, name), () => {
      throw error;
    });
  }
}

/** Has a published path lead into the generation in force. What exists there is replaced by one rename. */
export function linkPublished(directory: OpenDirectory, name: string): void {
  if (isPublishedIn(directory, name)) return;
  if (makeLink(directory, publishedTarget(name), name) && isPublishedIn(directory, name)) return;
  const link = `.link-${newGenerationId()}`;
  makeLink(directory, publishedTarget(name), link);
  rename(directory, link, name);
}

/** Renames an entry of a directory that is held. */
export function rename(directory: OpenDirectory, from: string, to: string): void {
  explained('replace', nodePath.join(directory.path, to), () =>
    fs.renameSync(directory.at(from), directory.at(to)),
  );
}
