import fs from 'node:fs';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';

/** Renames a file or a folder, on one file system. The caller brings both directories to the disk. Codes: `FILE_…`. */
export function move(from: string, to: string): void {
  explained('put in place', to, () =>
    withDirectoryOf(from, (source, oldName) =>
      withDirectoryOf(to, (target, newName) => fs.renameSync(source.at(oldName), target.at(newName))),
    ),
  );
}
