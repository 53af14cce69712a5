import fs from 'node:fs';
import path from 'node:path';
import { createFile, explained, PRIVATE_FILE, removeFile, removeFolder } from '@docker-mtls/files';
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

/**
 * Finishes or takes back what a process that was killed left half done: no key stays without its context, and no
 * context with half of a new pair. Needs the lock, which says that no other of our processes is at it.
 */
export function repairContexts(directory: string): void {
  const root = tlsRoot(directory);
  if (!fs.existsSync(root)) return;
  for (const id of explained('read', root, () => fs.readdirSync(root))) {
    const folder = path.join(root, id);
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    const mark = path.join(folder, UNFINISHED);
    const isMarked = fs.existsSync(mark);
    if (isMarked && !fs.existsSync(path.join(metaRoot(directory), id, 'meta.json'))) removeFolder(folder);
    else {
      if (isMarked) removeFile(mark);
      finishPending(folder, path.join(folder, 'docker'));
    }
  }
}
