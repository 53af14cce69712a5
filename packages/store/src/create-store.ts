import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import { hasCode } from '@docker-mtls/errors';
import { createFile, makePrivateDirectory, PRIVATE_FILE, syncDirectory } from '@docker-mtls/files';
import { insertCertificate } from './certificate-records.ts';
import { checkDirectory, checkRegistryFile } from './check-directory.ts';
import { StoreError } from './error.ts';
import { clearLeftovers, refuseForeignFiles, removeLeftovers } from './init-leftovers.ts';
import { kindFolder, LEAF_KINDS, layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { appendEvent } from './ledger.ts';
import { hasRoot } from './open-store.ts';
import { Registry } from './registry.ts';
import type { LockOptions } from './registry.ts';
import { writeMissingRootFiles } from './root-files.ts';
import { layDownSchema } from './schema.ts';
import { createWriter } from './store.ts';
import type { Store } from './store.ts';
import { layDownTemplate } from './template.ts';

export type NewStore = Pick<LockOptions, 'onWait'> & {
  /** PKCS#8, encrypted or not: written as it is. */
  readonly keyPem: string;
  readonly certificate: Certificate;
  /** The first, empty revocation list. */
  readonly crlPem: string;
  /** Where `profiles` and `README.md` are copied from: see `defaultProfilesFolder`. */
  readonly templateFolder: string;
  readonly operator: string;
  readonly now: Date;
};

/**
 * Lays down a CA directory, in a folder that is new or empty. The CA exists from the moment when its certificate
 * is committed to the registry: what a creation left that was killed before is cleared, and after, finished.
 * Codes: `STORE_EXISTS`, `STORE_NOT_EMPTY`, `STORE_NOT_A_DIRECTORY`, `STORE_UNSAFE`, `STORE_BUSY`, ….
 */
export function createStore(directory: string, store: NewStore): Store {
  const layout = layoutOf(directory);
  const isNew = !checkDirectory(layout.directory);
  try {
    if (isNew) makeDirectory(layout.directory);
    return createInside(layout, store);
  } catch (error) {
    if (isNew) removeIfEmpty(layout.directory);
    throw error;
  }
}

function makeDirectory(directory: string): void {
  makePrivateDirectory(directory);
  syncDirectory(nodePath.dirname(directory));
}

function createInside(layout: Layout, store: NewStore): Store {
  const registry = lockNewRegistry(layout, store);
  try {
    if (hasRoot(registry)) throw exists(layout, writeMissingRootFiles(layout, registry));
    refuseForeignFiles(layout);
    layDownOrUndo(layout, registry, store);
    writeMissingRootFiles(layout, registry);
    return createWriter(layout, registry, []);
  } catch (error) {
    registry.close();
    throw error;
  }
}

/** The registry file, still empty, comes first: it is the lock, and it tells our leftovers from foreign files. */
function lockNewRegistry(layout: Layout, { onWait }: NewStore): Registry {
  for (;;) {
    const file = makeRegistryFile(layout);
    const registry = new Registry(layout.registry);
    registry.lock({ onWait });
    // A creation that failed while we waited for it has taken its file away: what we have locked is a ghost.
    if (fileNumber(layout.registry) === file) return registry;
    registry.close();
  }
}

function makeRegistryFile(layout: Layout): number | undefined {
  if (!checkRegistryFile(layout.registry)) {
    refuseForeignFiles(layout);
    try {
      // SQLite gives its journal the mode that it finds here.
      createFile(layout.registry, '', PRIVATE_FILE);
    } catch (error) {
      if (!hasCode(error, 'FILE_EXISTS')) throw error;
    }
  }
  return fileNumber(layout.registry);
}

function fileNumber(path: string): number | undefined {
  return fs.statSync(path, { throwIfNoEntry: false })?.ino;
}

function removeIfEmpty(directory: string): void {
  try {
    fs.rmdirSync(directory);
  } catch {
    // Somebody else uses it by now.
  }
}

function exists({ directory }: Layout, finished: readonly string[]): StoreError {
  const unfinished = finished.length > 0 ? '; its creation had been cut short and is finished now' : '';
  return new StoreError('STORE_EXISTS', `${directory} holds a CA already${unfinished}`, {
    hint: 'use it (docker-mtls list), or choose another directory with --ca-dir',
  });
}

function layDownOrUndo(layout: Layout, registry: Registry, store: NewStore): void {
  try {
    clearLeftovers(layout);
    layDown(layout, store);
    registry.transact(() => recordRoot(registry, store));
  } catch (error) {
    removeLeftovers(layout);
    throw error;
  }
}

function layDown(layout: Layout, { keyPem, templateFolder }: NewStore): void {
  makePrivateDirectory(layout.private);
  createFile(layout.caKey, keyPem, PRIVATE_FILE);
  syncDirectory(layout.private);
  for (const kind of LEAF_KINDS) makePrivateDirectory(kindFolder(layout, kind));
  layDownTemplate(templateFolder, layout);
  syncDirectory(layout.directory);
}

function recordRoot(registry: Registry, { certificate, crlPem, operator, now }: NewStore): void {
  const { serial, subject } = certificate.info;
  layDownSchema(registry);
  insertCertificate(registry, { certificate, kind: 'ca', name: subject.commonName ?? serial, operator, now });
  registry.run('INSERT INTO revocation_lists (pem, created_at) VALUES (?, ?)', crlPem, now.toISOString());
  appendEvent(registry, { at: now, operator, action: 'ca.created', serial });
}
