import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explainFileError } from '@docker-mtls/files';

/** What is at a path, links followed, as far as this user may see it. */
export type Sight =
  | { readonly kind: 'there'; readonly stats: fs.Stats }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unseen'; readonly reason: string };

/** Looks at a path and never throws for what it finds there: a check goes on with the next path. */
export function lookAt(path: string): Sight {
  try {
    const stats = fs.statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? { kind: 'missing' } : { kind: 'there', stats };
  } catch (error) {
    // A file has the place of a folder of the path, or the path is that of a link into a loop.
    if (hasCode(error, 'ENOTDIR')) return { kind: 'missing' };
    const explained = explainFileError(error, 'look at', path);
    return { kind: 'unseen', reason: explained instanceof Error ? explained.message : String(explained) };
  }
}
