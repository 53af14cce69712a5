import fs from 'node:fs';
import nodePath from 'node:path';
import { createFile } from './create-file.ts';
import type { FileAccess } from './create-file.ts';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';
import { partialPath, sweepPartials } from './partial.ts';

/**
 * Puts a whole file in place, durably: any reader, at any moment and after any crash, sees either the old file
 * or the new one. What stood at `path` is replaced, mode included (give its mode and
 * owner to keep them). A link at `path` is itself replaced, so callers that must follow one resolve it first.
 */
export function replaceFile(path: string, data: string | Uint8Array, access: FileAccess): void {
  sweepPartials(path);
  const partial = partialPath(path);
  createFile(partial, data, access, path);
  explained('replace', path, () => {
    try {
      fs.renameSync(partial, path);
    } catch (error) {
      fs.rmSync(partial, { force: true });
      throw error;
    }
  });
  syncDirectory(nodePath.dirname(path));
}
