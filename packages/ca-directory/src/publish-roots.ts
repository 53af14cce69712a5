import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import {
  currentGeneration,
  PUBLIC_FILE,
  readFileIfExists,
  removeFile,
  replaceFile,
  replaceInFolders,
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
 * moment; the pair goes with either. The key of a root that is not trusted any more goes last. Can be done again after a
 * crash at any step. Returns how many were written.
 */
export async function publishRoots(layout: Layout, registry: Registry): Promise<number> {
  const pem = await rootsPem(registry);
  const published = await registry.published();
  const outdated = LEAF_KINDS.map((kind) => ({
    above: kindFolder(layout, kind),
    paths: published
      .filter((row) => row.kind === kind)
      .flatMap(({ folder }) => copyOf(pairDirectory(layout, { kind, folder }), kind) ?? [])
      .filter((path) => isOutdated(path, pem)),
  }));
  const isRootOutdated = isOutdated(layout.ca, pem);
  if (isRootOutdated) replaceFile(layout.ca, pem, PUBLIC_FILE);
  for (const { above, paths } of outdated) replaceInFolders(above, paths, { data: pem, mode: PUBLIC_FILE });
  for (const { state, keyFile } of await registry.authorities())
    if (state === 'retired') removeFile(nodePath.join(layout.private, keyFile));
  await registry.transact(async (change) => await change.rootsAreOut());
  return outdated.reduce((sum, { paths }) => sum + paths.length, isRootOutdated ? 1 : 0);
}

/** Brings the copy in one pair's folder up to the registry. */
export function refreshRoots(directory: string, kind: LeafKind, pem: string): void {
  const path = copyOf(directory, kind);
  if (path !== undefined && isOutdated(path, pem)) replaceFile(path, pem, PUBLIC_FILE);
}

/** The file that a pair's `ca.pem` leads to. A folder that is gone stays so. */
function copyOf(directory: string, kind: LeafKind): string | undefined {
  const generation = currentGeneration(directory);
  const folder = generation === undefined ? directory : nodePath.join(directory, generation);
  return fs.existsSync(folder) ? leafPaths(folder, kind).ca : undefined;
}

function isOutdated(path: string, pem: string): boolean {
  try {
    return readFileIfExists(path)?.toString('utf8') !== pem;
  } catch (error) {
    // A pipe or a link to one, say: a rename takes its place.
    if (hasCode(error, 'FILE_NOT_REGULAR') || hasCode(error, 'FILE_TOO_LARGE')) return true;
    throw error;
  }
}
