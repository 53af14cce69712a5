import fs from 'node:fs';
import path from 'node:path';
import { readFile } from '@docker-mtls/files';

const LARGEST_INDEX = 256 * 1024 * 1024;
const SHORTEST_INDEX = 12;
const NAME_LENGTH = 0xfff;

/**
 * Does a git repository track this file? Its index is read, not asked for: git would run what the configuration of a
 * repository says. `undefined`: an index of version 4, whose names are compressed.
 */
export function isTracked(file: string): boolean | undefined {
  const repository = repositoryOf(path.dirname(file));
  if (repository === undefined) return false;
  const index = readIndex(repository.index);
  if (index === undefined) return false;
  if (index.readUInt32BE(4) > 3) return undefined;
  return holdsName(index, path.relative(repository.root, file).split(path.sep).join('/'));
}

type Repository = { readonly root: string; readonly index: string };

function repositoryOf(folder: string): Repository | undefined {
  for (let root = path.resolve(folder); ; root = path.dirname(root)) {
    const index = indexOf(path.join(root, '.git'));
    if (index !== undefined) return { root, index };
    if (root === path.dirname(root)) return undefined;
  }
}

/** `.git` is a folder, or in a work tree a file that names one (gitrepository-layout(5)). */
function indexOf(git: string): string | undefined {
  try {
    if (fs.statSync(git).isDirectory()) return path.join(git, 'index');
    const [, folder] = /^gitdir: (.+)$/m.exec(readFile(git).toString('utf8')) ?? [];
    return folder === undefined ? undefined : path.resolve(path.dirname(git), folder, 'index');
  } catch {
    return undefined;
  }
}

function readIndex(file: string): Buffer | undefined {
  try {
    const index = readFile(file, LARGEST_INDEX);
    const isIndex = index.length >= SHORTEST_INDEX && index.toString('latin1', 0, 4) === 'DIRC';
    return isIndex ? index : undefined;
  } catch {
    return undefined;
  }
}

/** gitformat-index(5): before a name are its length, in 12 bits, and in version 3 perhaps two more bytes. */
function holdsName(index: Buffer, name: string): boolean {
  const wanted = Buffer.from(`${name}\0`);
  const length = Math.min(wanted.length - 1, NAME_LENGTH);
  for (let at = index.indexOf(wanted); at !== -1; at = index.indexOf(wanted, at + 1)) {
    const isLengthAt = (place: number): boolean =>
      place >= SHORTEST_INDEX && (index.readUInt16BE(place) & NAME_LENGTH) === length;
    if (isLengthAt(at - 2) || isLengthAt(at - 4)) return true;
  }
  return false;
}
