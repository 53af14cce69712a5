import fs from 'node:fs';
import nodePath from 'node:path';
import { writePartial } from './create-file.ts';
import { explained } from './file-error.ts';
import { withDirectoryOf } from './open-directory.ts';
import { sweepPartials } from './partial.ts';
import { unlinkIfThere } from './remove-entry.ts';
import { syncAll } from './sync-all.ts';

/** The same file for many folders, all of them below one. */
export type CopiedFile = { readonly data: string | Uint8Array; readonly mode: number };

/**
 * Puts a file in place in many folders below `above`, as `replaceFile` does in one: any reader of a path, at any moment and
 * after any crash, sees the old file or the new one. They go to the disk together. After a failure some may be in place and
 * others not.
 */
export function replaceInFolders(above: string, paths: readonly string[], { data, mode }: CopiedFile): void {
  const partials = new Map<string, string>();
  try {
    for (const path of paths) partials.set(path, makePartial(path, { data, mode }));
    syncAll(above, { files: [...partials.values()], folders: [] });
    for (const [path, partial] of partials) {
      putInPlace(partial, path);
      partials.delete(path);
    }
    syncAll(above, { files: [], folders: paths.map((path) => nodePath.dirname(path)) });
  } finally {
    for (const partial of partials.values()) remove(partial);
  }
}

function makePartial(path: string, { data, mode }: CopiedFile): string {
  return explained('create', path, () =>
    withDirectoryOf(path, (directory, name) => {
      sweepPartials(directory);
      const partial = writePartial(directory, name, { data, access: mode, isSynced: false });
      return nodePath.join(nodePath.dirname(path), partial);
    }),
  );
}

function putInPlace(partial: string, path: string): void {
  explained('replace', path, () =>
    withDirectoryOf(path, (directory, name) =>
      fs.renameSync(directory.at(nodePath.basename(partial)), directory.at(name)),
    ),
  );
}

function remove(partial: string): void {
  explained('remove', partial, () =>
    withDirectoryOf(partial, (directory, name) => unlinkIfThere(directory.at(name))),
  );
}
