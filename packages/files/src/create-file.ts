import fs from 'node:fs';
import { explained } from './file-error.ts';

export const PRIVATE_FILE = 0o600;
export const PUBLIC_FILE = 0o644;

/**
 * Makes a new file and brings it to the disk: the mode is set by the `open` call, a file or link that stands
 * there already is refused (`FILE_EXISTS`), and a failed write leaves nothing. The folder is not synced.
 */
export function createFile(path: string, data: string | Uint8Array, mode: number): void {
  explained('create', path, () => {
    const file = fs.openSync(path, 'wx', mode);
    try {
      fs.writeFileSync(file, data);
      fs.fsyncSync(file);
    } catch (error) {
      fs.rmSync(path, { force: true });
      throw error;
    } finally {
      fs.closeSync(file);
    }
  });
}
