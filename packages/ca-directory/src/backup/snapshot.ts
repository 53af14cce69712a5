import fs from 'node:fs';
import nodePath from 'node:path';
import { randomBytes } from 'node:crypto';
import {
  createUnsynced,
  makeWorkFolder,
  PRIVATE_FILE,
  readFile,
  readFileIfExists,
  removeUnsynced,
} from '@docker-mtls/files';
import { readGeneration } from '@docker-mtls/files';
import { selectAuthorities } from '@docker-mtls/registry';
import type { Connection as Registry } from '@docker-mtls/registry';
import { trustedAuthorities } from '../authorities.ts';
import { publishedRows } from '../inspect/pairs.ts';
import type { Layout } from '../layout.ts';
import { pairDirectory, pairFileNames } from '../pair-folder.ts';
import { pairKeyFile, PROFILE_FILES, README_FILE, REGISTRY_FILE } from './backup-files.ts';

/** A file of a backup: a plain path with `/` between its parts. */
export type BackupFile = { readonly path: string; readonly data: Buffer };

/** The registry of 1,000,000 certificates has about half of it. */
export const LARGEST_BACKUP: number = 1024 * 1024 * 1024;

/**
 * All that cannot be made again, as of one moment: the registry, the keys of the CA and of the pairs in force, the profiles.
 * Needs the lock. Codes: `STORE_KEY_MISSING`, `STORE_UNSAFE`, `FILE_…`.
 */
export function snapshot(layout: Layout, registry: Registry): readonly BackupFile[] {
  return [
    { path: REGISTRY_FILE, data: registryBytes(layout, registry) },
    ...authorityKeys(layout, registry),
    ...pairKeys(layout, registry),
    ...[...PROFILE_FILES, README_FILE].flatMap((path) => {
      const data = readFileIfExists(nodePath.join(layout.directory, path));
      return data === undefined ? [] : [{ path, data }];
    }),
  ];
}

/** By SQLite itself: another descriptor of the file would drop the lock when it is closed. It has no secret in it. */
function registryBytes(layout: Layout, registry: Registry): Buffer {
  const folder = makeWorkFolder(layout.directory);
  const copy = nodePath.join(folder, `${randomBytes(8).toString('hex')}.db`);
  try {
    createUnsynced(copy, '', PRIVATE_FILE);
    registry.copyTo(copy);
    return readFile(copy, LARGEST_BACKUP);
  } finally {
    if (fs.existsSync(folder)) removeUnsynced(folder);
  }
}

function authorityKeys(layout: Layout, registry: Registry): readonly BackupFile[] {
  const files = new Map(selectAuthorities(registry).map(({ keyId, keyFile }) => [keyId, keyFile]));
  return trustedAuthorities(layout, registry).map(({ keyId, keyPem }) => ({
    path: `private/${files.get(keyId) ?? ''}`,
    data: Buffer.from(keyPem()),
  }));
}

/** A pair whose key was made elsewhere, or is lost, has none. */
function pairKeys(layout: Layout, registry: Registry): readonly BackupFile[] {
  return publishedRows(registry).flatMap(({ pair }) => {
    const [key] = readGeneration(pairDirectory(layout, pair), pairFileNames(pair.kind));
    return key === undefined ? [] : [{ path: pairKeyFile(pair.serial), data: key }];
  });
}
