import fs from 'node:fs';
import nodePath from 'node:path';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';

/** Removes a file, for good after any crash; one that is not there is no fault. Codes: `FILE_…`. */
export function removeFile(path: string): void {
  explained('remove', path, () => fs.rmSync(path, { force: true }));
  syncDirectory(nodePath.dirname(path));
}
