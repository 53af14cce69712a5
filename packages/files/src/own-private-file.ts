import path from 'node:path';
import { lstatIfExists } from './look.ts';

const GROUP_AND_OTHERS = 0o077;

/** Is this a plain file that the user at work has made, and that nobody else has access to? */
export function isOwnPrivateFile(file: string): boolean {
  const user = process.geteuid?.();
  const stats = lstatIfExists(file);
  if (user === undefined || stats === undefined) return stats?.isFile() === true;
  // What root makes in another user's folder is theirs.
  const owner = user === 0 ? lstatIfExists(path.dirname(file))?.uid : user;
  const isOwners = stats.uid === user || stats.uid === owner;
  return stats.isFile() && isOwners && (stats.mode & GROUP_AND_OTHERS) === 0;
}
