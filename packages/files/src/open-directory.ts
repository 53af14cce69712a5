import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { ownDescriptors, walk } from './walk.ts';
import type { OnMissing } from './walk.ts';
import type { Ownership } from './trust.ts';

/**
 * A directory that is held open: renaming it, or exchanging a directory above it for a link, does not lead elsewhere
 * what is done in it. Without `/proc/self/fd` (other systems than Linux), it is a plain path, and nothing is held.
 */
export type OpenDirectory = {
  /** As it was named, for messages. */
  readonly path: string;
  /** A path that leads to an entry of it. */
  readonly at: (name: string) => string;
  readonly names: () => readonly string[];
  /** Brings its entries (creations, renames, removals) to the disk. */
  readonly sync: () => void;
  readonly stats: () => Ownership & { readonly dev: number; readonly ino: number };
  /** Absent where nothing is held. */
  readonly descriptor?: number;
};

/** Holds a directory open during a piece of work. `onMissing` makes what is missing of its path. */
export function withDirectory<T>(
  path: string,
  work: (directory: OpenDirectory) => T,
  onMissing?: OnMissing,
): T {
  const resolved = nodePath.resolve(path);
  if (ownDescriptors() === undefined) return work(plainDirectory(resolved));
  return held(resolved, walk(resolved, onMissing), work);
}

/** Holds the directory open that a file is in. */
export function withDirectoryOf<T>(path: string, work: (directory: OpenDirectory, name: string) => T): T {
  const resolved = nodePath.resolve(path);
  const name = nodePath.basename(resolved);
  return withDirectory(nodePath.dirname(resolved), (directory) => work(directory, name));
}

/** As `withDirectory`, of an entry of a directory that is held. A link is refused (ENOTDIR). */
export function withSubdirectory<T>(
  parent: OpenDirectory,
  name: string,
  work: (directory: OpenDirectory) => T,
): T {
  const path = nodePath.join(parent.path, name);
  if (ownDescriptors() === undefined) {
    if (!fs.lstatSync(path).isDirectory()) throw notADirectory();
    return work(plainDirectory(path));
  }
  const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
  return held(path, fs.openSync(parent.at(name), O_DIRECTORY | O_NOFOLLOW), work);
}

function held<T>(path: string, descriptor: number, work: (directory: OpenDirectory) => T): T {
  const here = `${ownDescriptors()}/${descriptor}`;
  try {
    return work({
      path,
      at: (name) => `${here}/${requirePlainName(name)}`,
      names: () => fs.readdirSync(`${here}/.`),
      sync: () => syncPath(`${here}/.`),
      stats: () => fs.fstatSync(descriptor),
      descriptor,
    });
  } finally {
    fs.closeSync(descriptor);
  }
}

function plainDirectory(path: string): OpenDirectory {
  return {
    path,
    at: (name) => nodePath.join(path, requirePlainName(name)),
    names: () => fs.readdirSync(path),
    sync: () => syncPath(path),
    stats: () => fs.statSync(path),
  };
}

/** Brings the entries of the directory that a path leads to to the disk. */
export function syncPath(path: string): void {
  // Windows has no such call, and does not need it: NTFS journals its directories.
  if (process.platform === 'win32') return;
  const directory = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(directory);
  } catch (error) {
    // A file system without that call for directories, such as a folder that VirtualBox shares: fsync(2).
    if (!hasCode(error, 'EINVAL')) throw error;
  } finally {
    fs.closeSync(directory);
  }
}

function requirePlainName(name: string): string {
  if (name === '' || name === '.' || name === '..' || nodePath.basename(name) !== name)
    throw new Error(`${JSON.stringify(name)} is not the name of an entry of a directory`);
  return name;
}

function notADirectory(): Error {
  return Object.assign(new Error('ENOTDIR: not a directory'), { code: 'ENOTDIR', syscall: 'open' });
}
