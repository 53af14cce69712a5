import { hasCode } from '@docker-mtls/errors';
import { createFile, PRIVATE_FILE } from '@docker-mtls/files';
import { openSqliteRegistry } from '@docker-mtls/registry';
import type { LockWait } from '@docker-mtls/registry';
import { checkRegistryFile } from './check-directory.ts';

/**
 * Does a piece of work while nobody else does any under the same lock, in whatever container they are: process ids mean
 * nothing there. The lock is SQLite's own, so the kernel lets go of it when the process ends, however it ends. The
 * file stays, and is empty. Codes: `REGISTRY_BUSY`, `CA_DIRECTORY_UNSAFE`, `FILE_…`.
 */
export async function withLockFile<T>(path: string, options: LockWait, work: () => Promise<T>): Promise<T> {
  makeLockFile(path);
  const lock = openSqliteRegistry(path);
  try {
    await lock.lock(options);
    return await work();
  } finally {
    await lock.close();
  }
}

function makeLockFile(path: string): void {
  if (checkRegistryFile(path)) return;
  try {
    createFile(path, '', PRIVATE_FILE);
  } catch (error) {
    if (!hasCode(error, 'FILE_EXISTS')) throw error;
  }
}
