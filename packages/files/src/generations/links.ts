import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '../file-error.ts';
import { isPublishedLink, newGenerationId, publishedTarget } from './generation-names.ts';

/** FAT and exFAT: EPERM; SMB, FUSE and 9P: EOPNOTSUPP, ENOSYS or EINVAL. */
const WITHOUT_LINKS = ['EPERM', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL'];

/**
 * Makes a link, or finds it made. `false`: there are no links here. On Windows it takes a right that users do not have.
 */
export function makeLink(target: string, path: string): boolean {
  if (process.platform === 'win32') return false;
  try {
    fs.symlinkSync(target, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return true;
    if (WITHOUT_LINKS.some((code) => hasCode(error, code))) return false;
    return explained('create', path, () => {
      throw error;
    });
  }
}

/** Has a published path lead into the generation in force. What stands there is replaced by one rename. */
export function linkPublished(directory: string, name: string): void {
  const path = nodePath.join(directory, name);
  if (isPublishedLink(directory, name)) return;
  if (makeLink(publishedTarget(name), path) && isPublishedLink(directory, name)) return;
  const link = nodePath.join(directory, `.link-${newGenerationId()}`);
  makeLink(publishedTarget(name), link);
  explained('replace', path, () => fs.renameSync(link, path));
}
