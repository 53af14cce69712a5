import fs from 'node:fs';
import { FileError, explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';

/** A new mode, or a new owner. */
export type AccessChange = { readonly mode: number } | { readonly uid: number; readonly gid: number };

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Which file was looked at: fs.Stats has both. */
export type FileIdentity = { readonly dev: number; readonly ino: number };

/**
 * Changes the mode or the owner of the file or folder that was looked at `before`, through a descriptor of it: what took
 * its place meanwhile is not changed. A link is refused, a file with several names too, for another name may be somebody
 * else's. Codes: `FILE_…`.
 */
export function changeAccess(path: string, change: AccessChange, before: FileIdentity): void {
  explained('change the access of', path, () =>
    withDirectoryOf(path, (directory, name) => {
      const descriptor = fs.openSync(directory.at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      try {
        const stats = fs.fstatSync(descriptor);
        refuseShared(stats, path);
        refuseOther(stats, before, path);
        if ('mode' in change) fs.fchmodSync(descriptor, change.mode);
        else fs.fchownSync(descriptor, change.uid, change.gid);
      } finally {
        fs.closeSync(descriptor);
      }
    }),
  );
}

function refuseShared(stats: fs.Stats, path: string): void {
  if (stats.isDirectory() || (stats.isFile() && stats.nlink === 1)) return;
  const what = stats.isFile() ? 'it has several names' : 'it is not a regular file';
  throw new FileError('FILE_UNSAFE', `cannot change the access of ${path}: ${what}`, {
    hint: 'look at it, and change it by hand',
  });
}

/** Several fixes of one file follow each other, so its mode and owner may have changed; another file has another number. */
function refuseOther(stats: FileIdentity, before: FileIdentity, path: string): void {
  if (stats.dev === before.dev && stats.ino === before.ino) return;
  throw new FileError(
    'FILE_UNSAFE',
    `cannot change the access of ${path}: another file took its place meanwhile`,
    {
      hint: 'look at it, and try again',
    },
  );
}
