import fs from 'node:fs';
import nodePath from 'node:path';
import { createFile } from './create-file.ts';
import type { FileAccess } from './create-file.ts';
import { syncDirectory } from './directory.ts';
import { explained } from './file-error.ts';

/**
 * Puts a whole file in place, durably: any reader, at any moment and after any crash, sees either the old file
 * or the new one. What stood at `path` is replaced, mode included (give its mode and
 * owner to keep them). A link at `path` is itself replaced, so callers that must follow one resolve it first.
 */
export function replaceFile(path: string, data: string | Uint8Array, access: FileAccess): void {
  sweepPartials(path);
  const partial = partialPath(path);
  createFile(partial, data, access);
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

function partialPath(path: string): string {
  return nodePath.join(nodePath.dirname(path), `.${nodePath.basename(path)}.${process.pid}.partial`);
}

/** A process that was killed may have left its half-written file, perhaps with a key in it: take it away. */
function sweepPartials(path: string): void {
  const folder = nodePath.dirname(path);
  const prefix = `.${nodePath.basename(path)}.`;
  for (const name of explained('read', folder, () => fs.readdirSync(folder))) {
    if (!name.startsWith(prefix) || !name.endsWith('.partial')) continue;
    const pid = Number(name.slice(prefix.length, -'.partial'.length));
    if (Number.isSafeInteger(pid) && !isOtherProcess(pid))
      fs.rmSync(nodePath.join(folder, name), { force: true });
  }
}

function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
