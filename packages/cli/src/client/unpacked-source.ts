import fs from 'node:fs';
import path from 'node:path';
import { MANIFEST_FILE, readManifest } from '@docker-mtls/bundle';
import { MtlsError } from '@docker-mtls/errors';
import { exists, readFileIfExists, statIfExists } from '@docker-mtls/files';
import type { Io } from '../io/io.ts';
import { CLIENT_FILES } from './client-folder.ts';
import type { ClientSource } from './client-source.ts';

/** A folder that a bundle was unpacked to. Code: `PAIR_MISSING`. */
export function requireUnpacked(folder: string): ClientSource {
  const missing = CLIENT_FILES.filter((file) => !exists(path.join(folder, file)));
  if (missing.length > 0)
    throw new MtlsError('PAIR_MISSING', `${folder} has no ${missing.join(' and no ')}`, {
      hint: 'name a folder that docker-mtls unbundle made',
    });
  const manifest = readFileIfExists(path.join(folder, MANIFEST_FILE));
  const hosts = manifest === undefined ? [] : readManifest(manifest).hosts;
  const [only] = hosts;
  return { folder, ...(only !== undefined && hosts.length === 1 && { host: only.url }) };
}

/** The folder, where a bundle was unpacked to it by this user. */
export function ownUnpacked(folder: string, io: Io): ClientSource | undefined {
  return isUnpacked(folder) && isOwn(folder, io) ? requireUnpacked(folder) : undefined;
}

function isUnpacked(folder: string): boolean {
  return CLIENT_FILES.every((file) => exists(path.join(folder, file)));
}

/** A folder that was not named as one must not be somebody else's: its ca.pem says who the engine is. */
function isOwn(folder: string, { platform, uid }: Io): boolean {
  const stats = statIfExists(fs.realpathSync(folder));
  if (stats === undefined || platform === 'win32') return stats !== undefined;
  return stats.uid === uid && (stats.mode & 0o022) === 0;
}
