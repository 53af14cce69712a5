import fs from 'node:fs';
import { PUBLIC_FILE, replaceFile } from '@docker-mtls/files';
import { selectRoots } from './certificate-records.ts';
import type { Layout } from './layout.ts';
import { asBytes } from './sqlite.ts';
import { certificatePem } from './pem.ts';
import type { Registry } from './registry.ts';

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
    { path: layout.crl, text: () => newestCrlPem(registry) },
  ];
  const missing = files.filter(({ path }) => !fs.existsSync(path));
  for (const { path, text } of missing) replaceFile(path, text(), PUBLIC_FILE);
  return missing.map(({ path }) => path);
}

function newestCrlPem(registry: Registry): string {
  const [row] = registry.all('SELECT pem FROM revocation_lists ORDER BY id DESC LIMIT 1');
  return String(row?.['pem'] ?? '');
}
