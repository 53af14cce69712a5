import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from './file-error.ts';

/** Where what is to stand at `path` is made, on the same file system. */
export function partialPath(path: string): string {
  return nodePath.join(nodePath.dirname(path), `.${nodePath.basename(path)}.${process.pid}.partial`);
}

/** A process that was killed may have left its half-written file or folder, perhaps with a key in it: take it away. */
export function sweepPartials(path: string): void {
  const folder = nodePath.dirname(path);
  const prefix = `.${nodePath.basename(path)}.`;
  for (const name of explained('read', folder, () => fs.readdirSync(folder))) {
    if (!name.startsWith(prefix) || !name.endsWith('.partial')) continue;
    const pid = Number(name.slice(prefix.length, -'.partial'.length));
    if (Number.isSafeInteger(pid) && !isOtherProcess(pid))
      fs.rmSync(nodePath.join(folder, name), { force: true, recursive: true });
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
