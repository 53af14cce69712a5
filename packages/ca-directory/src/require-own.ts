import fs from 'node:fs';
import { shellWord } from '@docker-mtls/errors';
import { explained, statIfExists } from '@docker-mtls/files';
import { StoreError } from './error.ts';
import { kindFolder, LEAF_KINDS } from './layout.ts';
import type { Layout } from './layout.ts';

/** Of the folders that every change writes to. Code: `CA_DIRECTORY_UNSAFE`. */
export function requireOwnFolders(layout: Layout): void {
  for (const kind of LEAF_KINDS) requireOwn(layout, kindFolder(layout, kind));
}

/**
 * Refuses what belongs to somebody else than the CA directory does, because root once put it there: it could not be
 * opened, or not be moved, and that would show half-way. What is not there is no fault. Code: `CA_DIRECTORY_UNSAFE`.
 */
export function requireOwn({ directory }: Layout, path: string): void {
  const user = process.geteuid?.();
  if (user === undefined || user === 0) return;
  const owner = statIfExists(path)?.uid;
  if (owner === undefined || owner === user) return;
  const { uid, gid } = fs.statSync(directory);
  throw new StoreError(
    'CA_DIRECTORY_UNSAFE',
    `${path} belongs to another user (uid ${owner}) than ${directory}`,
    {
      hint: `as root: chown -R ${uid}:${gid} ${shellWord(directory)}`,
    },
  );
}

/** Refuses a folder in which nothing can be made, or that cannot be moved. Codes: `FILE_NOT_PERMITTED`, `FILE_READ_ONLY`. */
export function requireWritable(folder: string): void {
  explained('write to', folder, () => fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK));
}
