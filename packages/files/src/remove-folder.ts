import fs from 'node:fs';
import nodePath from 'node:path';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';

/** Removes a folder with all that is in it, for good after any crash; one that is not there is no fault. Codes: `FILE_…`. */
export function removeFolder(path: string): void {
  if (!fs.existsSync(path)) return;
  explained('remove', path, () => fs.rmSync(path, { recursive: true, force: true }));
  syncDirectory(nodePath.dirname(path));
}
