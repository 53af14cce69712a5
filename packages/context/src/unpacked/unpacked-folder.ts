import fs from 'node:fs';
import path from 'node:path';
import { AuthorityError } from '@docker-mtls/authority';
import { MANIFEST_FILE, readManifest, TLS_FILES, verifyFiles } from '@docker-mtls/bundle';
import type { ContextTls } from '@docker-mtls/bundle';
import { exists, readFile, readFileIfExists, statIfExists } from '@docker-mtls/files';
import { contextTls } from '../store/install-context.ts';

/** A folder with ca.pem, cert.pem and key.pem, and the engine that it is for, where that is known. */
export type ClientSource = { readonly folder: string; readonly host?: string };

/** A folder that a bundle was unpacked to. Code: `PAIR_MISSING`. */
export function requireUnpacked(folder: string): ClientSource {
  const missing = Object.values(TLS_FILES).filter((file) => !exists(path.join(folder, file)));
  if (missing.length > 0)
    throw new AuthorityError('PAIR_MISSING', `${folder} has no ${missing.join(' and no ')}`, {
      hint: 'name a folder that docker-mtls unbundle made',
    });
  const manifest = readFileIfExists(path.join(folder, MANIFEST_FILE));
  const hosts = manifest === undefined ? [] : readManifest(manifest).hosts;
  const [only] = hosts;
  return { folder, ...(only !== undefined && hosts.length === 1 && { host: only.url }) };
}

/** The folder, where a bundle was unpacked to it by this user; there are no numbers of users on Windows. */
export function ownUnpacked(folder: string, uid: number | undefined): ClientSource | undefined {
  const isUnpacked = Object.values(TLS_FILES).every((file) => exists(path.join(folder, file)));
  return isUnpacked && isOwn(folder, uid) ? requireUnpacked(folder) : undefined;
}

/** A folder that was not named as one must not be somebody else's: its ca.pem says who the engine is. */
function isOwn(folder: string, uid: number | undefined): boolean {
  const stats = statIfExists(fs.realpathSync(folder));
  if (stats === undefined || uid === undefined) return stats !== undefined;
  return stats.uid === uid && (stats.mode & 0o022) === 0;
}

/**
 * What a context takes of a folder that a bundle was unpacked to: a laptop has no CA directory. Codes: `PAIR_MISSING`, and
 * those of `verifyFiles`.
 */
export function unpackedTls(directory: string, now: Date): Required<ContextTls> {
  const { folder } = requireUnpacked(directory);
  const read = (name: string): Buffer => readFile(path.join(folder, name));
  const raw = { ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem') };
  const { key, ...files } = verifyFiles(raw, { now }).files;
  if (key === undefined) throw new Error('a key was verified, and is not among the files');
  return contextTls({ ...files, key });
}
