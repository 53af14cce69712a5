import fs from 'node:fs';
import nodePath from 'node:path';
import { explained } from './file-error.ts';

/** Where what is to stand at `path` is made, on the same file system. */
export function partialPath(path: string): string {
  return nodePath.join(nodePath.dirname(path), `.${nodePath.basename(path)}.${process.pid}.partial`);
}

/** A process that was killed may have left its half-written file or folder, perhaps with a key in it: take it away. */
export function sweepPartials(path: string): void {
  sweepPartialsOf(nodePath.dirname(path), [nodePath.basename(path)]);
}

/** The same for many names of one folder, which is read once. */
export function sweepPartialsOf(folder: string, names: readonly string[]): void {
  const wanted = new Set(names);
  for (const name of explained('read', folder, () => fs.readdirSync(folder))) {
    const [, of = '', pid] = PARTIAL.exec(name) ?? [];
    if (wanted.has(of) && !isOtherProcess(Number(pid)))
      fs.rmSync(nodePath.join(folder, name), { force: true, recursive: true });
  }
}

const PARTIAL = /^\.(.+)\.(\d{1,15})\.partial$/s;

function isOtherProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
