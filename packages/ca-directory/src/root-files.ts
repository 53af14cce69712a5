import fs from 'node:fs';
import nodePath from 'node:path';
import { PUBLIC_FILE, replaceFiles } from '@docker-mtls/files';
import type { FolderFile } from '@docker-mtls/files';
import type { RegistryReader } from '@docker-mtls/registry';
import type { Layout } from './layout.ts';
import { certificatePem } from './pem.ts';
import { listsPem } from './revocation-lists.ts';

/** Every trusted root, the newest first: what `ca.pem` holds. */
export async function rootsPem(registry: RegistryReader): Promise<string> {
  const roots = await registry.roots();
  return roots.map(({ der }) => certificatePem(der)).join('');
}

/** Writes `ca.pem` and `crl.pem` from the registry where they are missing. Returns what was written. */
export async function writeMissingRootFiles(
  layout: Layout,
  registry: RegistryReader,
): Promise<readonly string[]> {
  const files = [
    { path: layout.ca, text: () => rootsPem(registry) },
    { path: layout.crl, text: () => listsPem(registry) },
  ];
  const missing = files.filter(({ path }) => !fs.existsSync(path));
  const written: FolderFile[] = [];
  for (const { path, text } of missing)
    written.push({ name: nodePath.basename(path), data: await text(), mode: PUBLIC_FILE });
  if (written.length > 0) replaceFiles(layout.directory, written);
  return missing.map(({ path }) => path);
}
