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
  sweepFolder,
} from '@docker-mtls/files';
import { readGeneration } from '@docker-mtls/files';
import { isEncryptedKey, openAuthority, readKeyPair } from '@docker-mtls/ca';
import type { RegistryReader, SqliteRegistry } from '@docker-mtls/registry';
import { trustedAuthorities } from '../authorities.ts';
import { isKeyOf, publishedRows } from '../inspect/pairs.ts';
import type { Layout } from '../layout.ts';
import { pairDirectory, pairFileNames } from '../pair-folder.ts';
import { pairKeyFile, PROFILE_FILES, README_FILE, REGISTRY_FILE } from './backup-files.ts';

/** A file of a backup: a plain path with `/` between its parts. */
export type BackupFile = { readonly path: string; readonly data: Buffer };

/** The registry of 1,000,000 certificates has about half of it. */
export const LARGEST_BACKUP: number = 1024 * 1024 * 1024;

/**
 * All that cannot be made again, as of one moment: the registry, the keys of the CA and of the pairs in force, the profiles.
 * Needs the lock. Codes: `CA_DIRECTORY_KEY_MISSING`, `CA_DIRECTORY_UNSAFE`, `CA_PAIR_MISMATCH`,
 * `FILE_…`.
 */
export async function snapshot(layout: Layout, registry: SqliteRegistry): Promise<readonly BackupFile[]> {
  return [
    { path: REGISTRY_FILE, data: await registryBytes(layout, registry) },
    ...(await authorityKeys(layout, registry)),
    ...(await pairKeys(layout, registry)),
    ...[...PROFILE_FILES, README_FILE].flatMap((path) => {
      const data = readFileIfExists(nodePath.join(layout.directory, path));
      return data === undefined ? [] : [{ path, data }];
    }),
  ];
}

/** By SQLite itself: another descriptor of the file would drop the lock when it is closed. It has no secret in it. */
async function registryBytes(layout: Layout, registry: SqliteRegistry): Promise<Buffer> {
  const folder = makeWorkFolder(layout.directory, 'backup');
  const copy = nodePath.join(folder, `${randomBytes(8).toString('hex')}.db`);
  try {
    // A backup that was killed has left such a copy.
    sweepFolder(layout.directory);
    createUnsynced(copy, '', PRIVATE_FILE);
    await registry.copyTo(copy);
    return readFile(copy, LARGEST_BACKUP);
  } finally {
    if (fs.existsSync(folder)) removeUnsynced(folder);
  }
}

async function authorityKeys(layout: Layout, registry: RegistryReader): Promise<readonly BackupFile[]> {
  const files = new Map((await registry.authorities()).map(({ keyId, keyFile }) => [keyId, keyFile]));
  const trusted = await trustedAuthorities(layout, registry);
  return trusted.map(({ certificate, keyId, keyPem }) => {
    const pem = keyPem();
    // No CA can be restored with the key of another; that of one that is encrypted shows then alone.
    if (!isEncryptedKey(pem)) openAuthority(certificate, readKeyPair(pem));
    return { path: `private/${files.get(keyId) ?? ''}`, data: Buffer.from(pem) };
  });
}

/** A pair whose key was made elsewhere, or is lost, has none; that of another one would keep the CA from being restored. */
async function pairKeys(layout: Layout, registry: RegistryReader): Promise<readonly BackupFile[]> {
  const rows = await publishedRows(registry);
  return rows.flatMap(({ pair }) => {
    const [key] = readGeneration(pairDirectory(layout, pair), pairFileNames(pair.kind));
    if (key === undefined || !isKeyOf(pair, key)) return [];
    return [{ path: pairKeyFile(pair.serial), data: key }];
  });
}
