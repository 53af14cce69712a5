import fs from 'node:fs';
import nodePath from 'node:path';
import {
  currentGeneration,
  PUBLIC_FILE,
  readFileIfExists,
  removeFile,
  replaceFile,
} from '@docker-mtls/files';
import type { LeafKind, Registry } from '@docker-mtls/registry';
import { kindFolder, LEAF_KINDS, leafPaths } from './layout.ts';
import type { Layout } from './layout.ts';
import { pairDirectory } from './pair-folder.ts';
import { requireOwn, requireWritable } from './require-own.ts';
import { rootsPem } from './root-files.ts';

/** What could keep the files from being written after the commit should show before it. */
export function requireRootsReady(layout: Layout): void {
  for (const folder of [layout.directory, ...LEAF_KINDS.map((kind) => kindFolder(layout, kind))]) {
    if (!fs.existsSync(folder)) continue;
    requireOwn(layout, folder);
    requireWritable(folder);
  }
}

/**
 * Brings `ca.pem` and the copy of each published pair up to the registry. Each file is the old or the new one at any
 * moment; the pair goes with either. The key of a root that is not trusted any more goes last. Can be done again after a crash at any step. Returns how many were written.
 */
export async function publishRoots(layout: Layout, registry: Registry): Promise<number> {
  const pem = await rootsPem(registry);
  const copies = (await registry.published()).flatMap((row) => {
    const pair = { kind: row.kind, folder: row.folder };
    return copyOf(pairDirectory(layout, pair), pair.kind) ?? [];
  });
  const written = [layout.ca, ...copies].filter((path) => isWritten(path, pem));
  for (const { state, keyFile } of await registry.authorities())
    if (state === 'retired') removeFile(nodePath.join(layout.private, keyFile));
  await registry.transact(async (change) => await change.rootsAreOut());
  return written.length;
}

/** Brings the copy in one pair's folder up to the registry. */
export function refreshRoots(directory: string, kind: LeafKind, pem: string): void {
  const path = copyOf(directory, kind);
  if (path !== undefined) isWritten(path, pem);
}

/** The file that a pair's `ca.pem` leads to. A folder that is gone stays so. */
function copyOf(directory: string, kind: LeafKind): string | undefined {
  const generation = currentGeneration(directory);
  const folder = generation === undefined ? directory : nodePath.join(directory, generation);
  return fs.existsSync(folder) ? leafPaths(folder, kind).ca : undefined;
}

function isWritten(path: string, pem: string): boolean {
  if (readFileIfExists(path)?.toString('utf8') === pem) return false;
  replaceFile(path, pem, PUBLIC_FILE);
  return true;
}
