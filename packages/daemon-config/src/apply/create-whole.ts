import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { createFile, explained, partialPath } from '@docker-mtls/files';
import type { FileAccess } from '@docker-mtls/files';

type NewFile = { readonly data: string | Uint8Array; readonly access: FileAccess };

/**
 * Makes a new file beside `target` that is whole from the moment it has its name, and never takes another's place
 * (`FILE_EXISTS`). What a kill leaves is named as `replaceFile` names its partial files, which sweeps it.
 */
export function createWhole(target: string, path: string, { data, access }: NewFile): void {
  const partial = partialPath(target);
  explained('create', path, () => fs.rmSync(partial, { force: true }));
  createFile(partial, data, access, path);
  try {
    explained('create', path, () => publish(partial, path));
  } finally {
    fs.rmSync(partial, { force: true });
  }
}

/** A hard link is the one way to name a file that refuses a name in use; some file systems have none. */
function publish(partial: string, path: string): void {
  try {
    fs.linkSync(partial, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    fs.renameSync(partial, path);
  }
}
