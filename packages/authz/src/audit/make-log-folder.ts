import fs from 'node:fs';
import { makePrivateDirectory } from '@docker-mtls/files';
import { AuthzError } from '../error.ts';

const OTHERS_WRITE = 0o022;

/**
 * Makes the folder of the log and of what is kept. One that another user can write to is refused: they could change both. The
 * folders above are not looked at: that of a system's logs may belong to its log service. Code: `AUTHZ_FILE_UNSAFE`.
 */
export function makeLogFolder(folder: string): void {
  makePrivateDirectory(folder);
  const { uid, mode } = fs.statSync(folder);
  if (uid !== process.geteuid?.()) throw unsafe(folder, `it belongs to uid ${uid}`);
  if ((mode & OTHERS_WRITE) !== 0) throw unsafe(folder, 'other users may write to it');
}

function unsafe(folder: string, reason: string): AuthzError {
  return new AuthzError('AUTHZ_FILE_UNSAFE', `${folder} is not safe for an audit log: ${reason}`, {
    hint: 'choose a folder that only root can change',
  });
}
