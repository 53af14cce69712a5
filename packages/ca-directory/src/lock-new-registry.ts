import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { createUnsynced, PRIVATE_FILE } from '@docker-mtls/files';
import { openSqliteRegistry } from '@docker-mtls/registry';
import type { LockWait, SqliteRegistry } from '@docker-mtls/registry';
import { checkRegistryFile } from './check-directory.ts';
import { refuseForeignFiles, removeEmptyRegistry } from './init-leftovers.ts';
import type { Layout } from './layout.ts';

/** The registry file, still empty, comes first: it is the lock, and it tells our leftovers from foreign files. */
export async function lockNewRegistry(layout: Layout, options: LockWait): Promise<SqliteRegistry> {
  for (;;) {
    const file = makeRegistryFile(layout);
    // A creation that failed while we waited for it has taken its file away: SQLite locks a ghost then, or fails at it.
    const isGone = (): boolean => fileNumber(layout.registry) !== file;
    const registry = await lockOrUndo(layout, options, isGone);
    if (!isGone()) return registry;
    await registry.close();
  }
}

/** On a full disk, the lock is the first to fail: SQLite writes the head of an empty database for it. */
async function lockOrUndo(layout: Layout, options: LockWait, isGone: () => boolean): Promise<SqliteRegistry> {
  const registry = openSqliteRegistry(layout.registry);
  try {
    await registry.lock(options);
  } catch (error) {
    if (isGone()) return registry;
    await registry.close();
    if (!hasCode(error, 'REGISTRY_BUSY')) removeEmptyRegistry(layout);
    throw error;
  }
  return registry;
}

function makeRegistryFile(layout: Layout): number | undefined {
  if (!checkRegistryFile(layout.registry)) {
    try {
      refuseForeignFiles(layout);
      // SQLite gives its journal the mode that it finds here.
      createUnsynced(layout.registry, '', PRIVATE_FILE);
    } catch (error) {
      if (!hasBegun(layout, error)) throw error;
    }
  }
  return fileNumber(layout.registry);
}

/** Is another creation at work here by now? What it lays down is not foreign, and looked at again under the lock. */
function hasBegun({ registry }: Layout, error: unknown): boolean {
  return (
    (hasCode(error, 'FILE_EXISTS') || hasCode(error, 'CA_DIRECTORY_NOT_EMPTY')) && checkRegistryFile(registry)
  );
}

function fileNumber(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.ino;
}
