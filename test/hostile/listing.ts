import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Everything below a folder: paths, kinds, modes, sizes, contents. Two equal listings: nothing has changed. */
export function listing(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => describe(name, path.join(folder, name)));
}

function describe(name: string, file: string): string {
  const stats = fs.lstatSync(file);
  const line = `${stats.mode.toString(8)} ${name}`;
  if (stats.isSymbolicLink()) return `${line} -> ${fs.readlinkSync(file)}`;
  if (!stats.isFile()) return line;
  return `${line} ${stats.size} ${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}`;
}
