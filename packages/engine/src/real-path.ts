import fs from 'node:fs';
import nodePath from 'node:path';

/** The file that a path stands for, be it there or not. */
export function realPathOf(path: string): string {
  return fs.existsSync(path) ? fs.realpathSync(path) : nodePath.resolve(path);
}
