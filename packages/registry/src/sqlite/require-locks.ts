import { randomBytes } from 'node:crypto';
import nodePath from 'node:path';
import { createUnsynced, PRIVATE_FILE, removeFile } from '@docker-mtls/files';
import { RegistryError } from '../error.ts';
import { openSqlite } from './open-sqlite.ts';
import { isBusy } from './sqlite-error.ts';

/**
 * SQLite reports a file system without locks (ENOLCK, of some NFS mounts) as it reports a lock that another process
 * holds. Nobody else can hold the lock of a new file. Code: `REGISTRY_NO_LOCKS`.
 */
export function requireLocks(folder: string): void {
  const path = nodePath.join(folder, `.lock-test-${randomBytes(8).toString('hex')}`);
  try {
    createUnsynced(path, '', PRIVATE_FILE);
  } catch {
    // A reader may not write here, and cannot find out.
    return;
  }
  try {
    if (!canLock(path)) throw noLocks(folder);
  } finally {
    removeFile(path);
  }
}

function canLock(path: string): boolean {
  const database = openSqlite(path);
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  } finally {
    database.close();
  }
}

function noLocks(folder: string): RegistryError {
  return new RegistryError('REGISTRY_NO_LOCKS', `the file system of ${folder} does not support file locks`, {
    hint: 'mount it with locks, or move the CA directory to a local disk',
  });
}
