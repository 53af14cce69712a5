import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { isWorkFolder, namesIn } from '@docker-mtls/files';
import {
  openSqliteRegistry,
  RegistryError,
  RESTORE_HINT,
  SCHEMA_WITH_UNFINISHED_WORK,
} from '@docker-mtls/registry';
import type { LockWait, Registry, RegistryReader, SqliteRegistry } from '@docker-mtls/registry';
import { checkDirectory, checkPrivateKey, checkRegistryFile } from './check-directory.ts';
import { StoreError } from './error.ts';
import { areEarlierFoldersLeft, clearEarlierFolders, recordEarlierWork } from './from-earlier-release.ts';
import { layoutOf, RESTORE_WORK } from './layout.ts';
import type { Layout } from './layout.ts';
import { createReader } from './reader.ts';
import type { StoreReader } from './reader.ts';
import { repair } from './repair.ts';
import { otherOwner, refuseOtherOwner } from './other-owner.ts';
import { requireOwn, requireOwnFolders } from './require-own.ts';
import { createWriter } from './store.ts';
import type { Store } from './store.ts';

/**
 * Opens a CA directory to change it: waits for its lock, sets right what a killed command left, and keeps the
 * lock until `close`. So make keys, and ask for passphrases, before.
 * Codes: `CA_DIRECTORY_NOT_FOUND`, `REGISTRY_BUSY`, `CA_DIRECTORY_UNSAFE`, `REGISTRY_NEWER`, `REGISTRY_CORRUPT`, `REGISTRY_READ_ONLY`, ….
 */
export async function openStore(directory: string, options: LockWait = {}): Promise<Store> {
  const { layout, registry, repairs } = await openRegistry(directory, options);
  return createWriter(layout, registry, repairs);
}

type OpenedRegistry = {
  readonly layout: Layout;
  readonly registry: SqliteRegistry;
  readonly repairs: readonly string[];
};

/** As `openStore`, for what is done to the whole directory. */
export async function openRegistry(directory: string, options: LockWait): Promise<OpenedRegistry> {
  const layout = layoutOf(directory);
  await check(layout);
  refuseOtherOwner(layout.directory);
  requireOwnFolders(layout);
  checkPrivateKey(layout);
  return withRegistry(layout, async (registry) => {
    await registry.lock(options);
    await refuseUnfinished(layout, registry);
    const isEarlier = (await registry.schema()) < SCHEMA_WITH_UNFINISHED_WORK;
    await registry.migrate(async (change) => {
      if (isEarlier) await recordEarlierWork(layout, change);
    });
    const repairs = await repair(layout, registry);
    const isToBeCleared = isEarlier || areEarlierFoldersLeft(layout);
    const cleared = isToBeCleared ? clearEarlierFolders(layout) : [];
    return { layout, registry, repairs: [...repairs, ...cleared] };
  });
}

/**
 * Opens a CA directory to look at it: takes no lock, changes nothing, is content with a read-only disk. Root may look at
 * the CA directory of another user. Code: `CA_DIRECTORY_NOT_FOUND`, `CA_DIRECTORY_UNSAFE`, ….
 */
export async function readStore(directory: string): Promise<StoreReader> {
  const { directory: path, ...paths } = layoutOf(directory);
  const layout = { directory: path, ...paths, owner: otherOwner(path) };
  await check(layout);
  const read = async (registry: Registry): Promise<StoreReader> => {
    await refuseUnfinished(layout, registry);
    return createReader(layout, registry);
  };
  try {
    return await withRegistry(layout, read, { readOnly: true });
  } catch (error) {
    // A command was killed in the middle of a commit: SQLite has to take that back before anything can be read.
    if (!hasCode(error, 'REGISTRY_READ_ONLY') || layout.owner !== undefined) throw error;
    return withRegistry(layout, read);
  }
}

/** The registry of a CA, to look at: whatever the modes of the directory are. Code: `CA_DIRECTORY_NOT_FOUND`, …. */
export async function readRegistry(layout: Layout): Promise<Registry> {
  await refuseWithout(layout, async () => fs.existsSync(layout.registry));
  return withRegistry(layout, async (registry) => {
    await refuseUnfinished(layout, registry);
    return registry;
  });
}

/** Has the creation of a CA in this registry got as far as its commit? */
export async function hasRoot(registry: RegistryReader): Promise<boolean> {
  return (await registry.schema()) > 0 && (await registry.roots()).length > 0;
}

/** Closes the registry again when the work with it fails. */
async function withRegistry<T>(
  layout: Layout,
  work: (registry: SqliteRegistry) => Promise<T>,
  // Else SQLite would do for root what a journal of that user says, such as remove another file.
  { readOnly = layout.owner !== undefined }: { readonly readOnly?: boolean } = {},
): Promise<T> {
  const registry = openSqliteRegistry(layout.registry, { readOnly });
  try {
    return await work(registry);
  } catch (error) {
    await registry.close();
    throw error;
  }
}

async function check(layout: Layout): Promise<void> {
  await refuseWithout(
    layout,
    async () => checkDirectory(layout.directory) && checkRegistryFile(layout.registry),
  );
  requireOwn(layout, layout.registry);
}

function refuseUnfinished(layout: Layout, registry: RegistryReader): Promise<void> {
  return refuseWithout(layout, () => hasRoot(registry));
}

/** What is missing may come while we look for the reason: another process is making this CA. */
async function refuseWithout(layout: Layout, isThere: () => Promise<boolean>): Promise<void> {
  if (await isThere()) return;
  const error = notFound(layout);
  if (!(await isThere())) throw error;
}

function notFound(layout: Layout): StoreError | RegistryError {
  if (namesIn(layout.directory).some((name) => isWorkFolder(name, RESTORE_WORK)))
    return new StoreError('CA_DIRECTORY_NOT_FOUND', `a restore to ${layout.directory} was not finished`, {
      hint: 'run docker-mtls ca restore again',
    });
  const isOurs = fs.existsSync(layout.profiles) || fs.existsSync(layout.caKey);
  if (fs.existsSync(layout.ca) && !isOurs) {
    return new StoreError(
      'CA_DIRECTORY_FOREIGN',
      `${layout.directory} is not a CA directory of docker-mtls`,
      {
        hint: 'choose another directory with --ca-dir; the CA of another program cannot be used in place',
      },
    );
  }
  // It is written after the registry, so the registry was there once.
  if (fs.existsSync(layout.ca)) {
    return new RegistryError(
      'REGISTRY_CORRUPT',
      `${layout.directory} holds ca.pem, but no registry of its CA`,
      {
        hint: `choose another directory with --ca-dir, or ${RESTORE_HINT}`,
      },
    );
  }
  return new StoreError('CA_DIRECTORY_NOT_FOUND', `there is no CA in ${layout.directory}`, {
    hint: 'docker-mtls init-ca makes one; --ca-dir names another directory',
  });
}
