import fs from 'node:fs';
import path from 'node:path';
import {
  createFile,
  explained,
  isPartialName,
  PRIVATE_FILE,
  removeFile,
  removeFolder,
} from '@docker-mtls/files';
import { metaRoot, tlsFolder, tlsRoot } from './paths.ts';
import { finishPending } from './pending-tls.ts';

/** In the folder of a context that is being made or removed: without its meta.json, nobody needs what is in there. */
const UNFINISHED = '.unfinished';

/** Marks a context that is being made or removed, durably, before anything of it changes. Needs the lock. */
export function markUnfinished(directory: string, name: string): void {
  const folder = tlsFolder(directory, name);
  if (!fs.existsSync(folder)) return;
  if (!isUnfinished(directory, name)) createFile(path.join(folder, UNFINISHED), '', PRIVATE_FILE);
}

export function unmark(directory: string, name: string): void {
  const mark = path.join(tlsFolder(directory, name), UNFINISHED);
  if (fs.existsSync(mark)) removeFile(mark);
}

export function isUnfinished(directory: string, name: string): boolean {
  return fs.existsSync(path.join(tlsFolder(directory, name), UNFINISHED));
}

/** Removes what a marked context has left; the mark goes last, so that an interrupted removal is finished later. */
export function removeMarked(folder: string): void {
  if (!fs.existsSync(folder)) return;
  const entries = explained('read', folder, () => fs.readdirSync(folder));
  for (const name of entries.filter((entry) => entry !== UNFINISHED)) removeFolder(path.join(folder, name));
  removeFolder(folder);
}

/**
 * Finishes or takes back what a process that was killed left half done: no key stays without its context, and no
 * context with half of a new pair. Needs the lock, which says that no other of our processes is at it.
 */
export function repairContexts(directory: string): void {
  sweepMetadata(metaRoot(directory));
  for (const id of foldersIn(tlsRoot(directory))) {
    const folder = path.join(tlsRoot(directory), id);
    const hasContext = fs.existsSync(path.join(metaRoot(directory), id, 'meta.json'));
    if (hasContext) finishContext(folder);
    else if (isRemains(folder)) removeMarked(folder);
  }
}

function finishContext(folder: string): void {
  const mark = path.join(folder, UNFINISHED);
  if (fs.existsSync(mark)) removeFile(mark);
  finishPending(folder, path.join(folder, 'docker'));
}

/** Files that nobody marked may be the only ones of somebody who moved a meta.json away. */
function isRemains(folder: string): boolean {
  const entries = explained('read', folder, () => fs.readdirSync(folder));
  return entries.length === 0 || entries.includes(UNFINISHED);
}

/** A meta.json that was only half written is next to the one in use. */
function sweepMetadata(root: string): void {
  for (const folder of foldersIn(root).map((id) => path.join(root, id))) {
    const left = explained('read', folder, () => fs.readdirSync(folder).filter(isPartialName));
    for (const name of left) removeFile(path.join(folder, name));
  }
}

function foldersIn(root: string): readonly string[] {
  if (!fs.existsSync(root)) return [];
  const entries = explained('read', root, () => fs.readdirSync(root, { withFileTypes: true }));
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
