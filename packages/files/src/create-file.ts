import fs from 'node:fs';
import { explained } from './file-error.ts';

export const PRIVATE_FILE = 0o600;
export const PUBLIC_FILE = 0o644;

/** A file's mode, or its mode and owner as another file has them. */
export type FileAccess = number | { readonly mode: number; readonly uid: number; readonly gid: number };

/** Until a wanted owner is set, nobody else may open the new file. */
const UNTIL_OWNED = 0o600;

/**
 * Makes a new file and brings it to the disk: the mode is set by the `open` call, a file or link that stands
 * there already is refused (`FILE_EXISTS`), and a failed write leaves nothing. The folder is not synced. Errors name
 * what the file is to become, `target`, where that is another path.
 */
export function createFile(
  path: string,
  data: string | Uint8Array,
  access: FileAccess,
  target: string = path,
): void {
  explained('create', target, () =>
    makeFile(path, access, (file) => {
      fs.writeFileSync(file, data);
      fs.fsyncSync(file);
    }),
  );
}

/** As `createFile`, but it is for the caller to bring the file to the disk, together with others: `syncAll`. */
export function createUnsynced(
  path: string,
  data: string | Uint8Array,
  access: FileAccess,
  target: string = path,
): void {
  explained('create', target, () => makeFile(path, access, (file) => fs.writeFileSync(file, data)));
}

function makeFile(path: string, access: FileAccess, fill: (file: number) => void): void {
  const file = fs.openSync(path, 'wx', typeof access === 'number' ? access : UNTIL_OWNED);
  try {
    if (typeof access !== 'number') takeAccess(file, access);
    fill(file);
  } catch (error) {
    fs.rmSync(path, { force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
}

function takeAccess(file: number, { mode, uid, gid }: Exclude<FileAccess, number>): void {
  const made = fs.fstatSync(file);
  if (made.uid !== uid || made.gid !== gid) fs.fchownSync(file, uid, gid);
  fs.fchmodSync(file, mode & 0o7777);
}
