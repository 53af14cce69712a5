import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { FileError } from './file-error.ts';
import { keepsEntries } from './trust.ts';

const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** Linux's O_PATH, which Node does not name: it takes the right to enter a directory, but not to read it. */
const O_PATH = 0o10000000;

/** As many as the kernel follows (path_resolution(7)). */
export const MOST_LINKS = 40;

/** Makes a directory that is missing: `entry` leads to where it is to be, `parent` to what it is to be in. */
export type OnMissing = (missing: { readonly entry: string; readonly parent: string }) => void;

/** Where Linux lists what this process has open, if it does. */
export function ownDescriptors(): string | undefined {
  isListed ??= process.platform === 'linux' && fs.existsSync(DESCRIPTORS);
  return isListed ? DESCRIPTORS : undefined;
}

const DESCRIPTORS = '/proc/self/fd';
let isListed: boolean | undefined;

/**
 * Opens the directory at an absolute path one component at a time, so that none of them can be exchanged for a link
 * meanwhile. A link is followed if only root or the user at work could have put it there (else `FILE_UNSAFE`).
 */
export function walk(path: string, onMissing?: OnMissing): number {
  const start = startOfWalk(path);
  let directory = openDirectory(start.from);
  try {
    const names = componentsOf(start.rest);
    for (let links = 0, name = names.shift(); name !== undefined; name = names.shift()) {
      const found = step(directory, name, onMissing);
      if (typeof found === 'string') {
        links += 1;
        if (links > MOST_LINKS) throw tooManyLinks();
        names.unshift(...componentsOf(found));
      }
      const next = typeof found === 'number' ? found : startOf(found);
      if (next === undefined) continue;
      fs.closeSync(directory);
      directory = next;
    }
    return directory;
  } catch (error) {
    fs.closeSync(directory);
    throw error;
  }
}

/** Directories that are held open while many of their entries are worked on: none of these walks begins at the root. */
const anchors: { readonly path: string; readonly descriptor: number }[] = [];

/** Holds a directory during work on paths below it. What happens to the folders above it meanwhile does not matter to them. */
export function withAnchor<T>(path: string, work: () => T): T {
  if (ownDescriptors() === undefined) return work();
  const anchor = { path, descriptor: walk(path) };
  anchors.push(anchor);
  try {
    return work();
  } finally {
    anchors.splice(anchors.indexOf(anchor), 1);
    fs.closeSync(anchor.descriptor);
  }
}

function startOfWalk(path: string): { readonly from: string; readonly rest: string } {
  const anchor = anchors.findLast((each) => path === each.path || path.startsWith(`${each.path}/`));
  if (anchor === undefined) return { from: '/', rest: path };
  return { from: `${DESCRIPTORS}/${anchor.descriptor}/.`, rest: path.slice(anchor.path.length) };
}

function openDirectory(path: string): number {
  return fs.openSync(path, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

export function componentsOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/** Where an absolute link starts. */
function startOf(link: string): number | undefined {
  return link.startsWith('/') ? openDirectory('/') : undefined;
}

/** The next directory, or what a link says. */
function step(directory: number, name: string, onMissing: OnMissing | undefined): number | string {
  const parent = `${DESCRIPTORS}/${directory}`;
  const entry = `${parent}/${name}`;
  try {
    return openDirectory(entry);
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return readLink(directory, name, error);
    if (!hasCode(error, 'ENOENT') || onMissing === undefined) throw error;
    onMissing({ entry, parent: `${parent}/.` });
    return openDirectory(entry);
  }
}

function readLink(directory: number, name: string, error: Error): string {
  const entry = `${DESCRIPTORS}/${directory}/${name}`;
  const stats = fs.lstatSync(entry);
  if (!stats.isSymbolicLink()) throw error;
  if (keepsEntries(fs.fstatSync(directory), stats)) return fs.readlinkSync(entry);
  const path = nodePath.join(fs.readlinkSync(`${DESCRIPTORS}/${directory}`), name);
  throw new FileError(
    'FILE_UNSAFE',
    `${path} is a symbolic link that other users can change (its owner: uid ${stats.uid})`,
    { hint: 'name the directory that it leads to' },
  );
}

export function tooManyLinks(): Error {
  return Object.assign(new Error('ELOOP: too many symbolic links'), { code: 'ELOOP', syscall: 'open' });
}
