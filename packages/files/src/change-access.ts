import fs from 'node:fs';
import { FileError, explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import type { Ownership } from './trust.ts';

/** A new mode, or a new owner. */
export type AccessChange = { readonly mode: number } | { readonly uid: number; readonly gid: number };

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/**
 * Changes the mode or the owner of a file or folder that was found with the access `before`, through a descriptor of it:
 * what took its place meanwhile, with another access, is not changed. A link is refused, a file with several names too, for
 * another name may be somebody else's. Codes: `FILE_…`.
 */
export function changeAccess(path: string, change: AccessChange, before: Ownership): void {
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

/** A file that the mode is too narrow for could have been moved there since. */
function refuseOther(stats: Ownership, before: Ownership, path: string): void {
  if ((['uid', 'gid', 'mode'] as const).every((name) => stats[name] === before[name])) return;
  throw new FileError('FILE_UNSAFE', `cannot change the access of ${path}: it has changed meanwhile`, {
    hint: 'look at it, and try again',
  });
}
