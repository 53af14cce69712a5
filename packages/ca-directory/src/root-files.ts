import fs from 'node:fs';
import nodePath from 'node:path';
import { PUBLIC_FILE, replaceFiles } from '@docker-mtls/files';
import type { FolderFile } from '@docker-mtls/files';
import { asBytes, selectRoots } from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import type { Layout } from './layout.ts';
import { certificatePem } from './pem.ts';
import { listsPem } from './revocation-lists.ts';

/** Every trusted root, the newest first: what `ca.pem` holds. */
export function rootsPem(registry: Registry): string {
  return selectRoots(registry)
    .map((row) => certificatePem(asBytes(row['der'])))
    .join('');
}

/** Writes `ca.pem` and `crl.pem` from the registry where they are missing. Returns what was written. */
export function writeMissingRootFiles(layout: Layout, registry: Registry): string[] {
  const files = [
    { path: layout.ca, text: () => rootsPem(registry) },
    { path: layout.crl, text: () => listsPem(registry) },
  ];
  const missing = files.filter(({ path }) => !fs.existsSync(path));
  if (missing.length > 0) replaceFiles(layout.directory, missing.map(toFolderFile));
  return missing.map(({ path }) => path);
}

type RootFile = { readonly path: string; readonly text: () => string };

function toFolderFile({ path, text }: RootFile): FolderFile {
  return { name: nodePath.basename(path), data: text(), mode: PUBLIC_FILE };
}
