import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import {
  createFile,
  makePrivateDirectory,
  makePrivateUnsynced,
  PRIVATE_FILE,
  requireSafeFolders,
  syncDirectory,
  withAnchor,
} from '@docker-mtls/files';
import type { LockWait, Registry, RegistryChange } from '@docker-mtls/registry';
import { checkDirectory } from './check-directory.ts';
import { insertRoot } from './insert-root.ts';
import { StoreError } from './error.ts';
import { clearLeftovers, refuseForeignFiles, removeLeftovers } from './init-leftovers.ts';
import { CA_KEY_FILE, kindFolder, LEAF_KINDS, layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import { hasRoot } from './open-store.ts';
import { refusePlaceOfOthers } from './other-owner.ts';
import { lockNewRegistry } from './lock-new-registry.ts';
import { writeMissingRootFiles } from './root-files.ts';
import { createWriter } from './store.ts';
import type { Store } from './store.ts';
import { layDownTemplate } from './template.ts';
import type { TemplateFile } from './template.ts';

export type NewStore = Pick<LockWait, 'onWait'> & {
  /** PKCS#8, encrypted or not: written as it is. */
  readonly keyPem: string;
  readonly certificate: Certificate;
  /** The first, empty revocation list. */
  readonly crlPem: string;
  /** Its profiles and README.md: see `readTemplate`. */
  readonly template: readonly TemplateFile[];
  readonly operator: string;
  readonly now: Date;
};

/**
 * Lays down a CA directory, in a folder that is new or empty. The CA exists from the moment when its certificate
 * is committed to the registry: what a creation left that was killed before is cleared, and after, finished.
 * Codes: `CA_DIRECTORY_EXISTS`, `CA_DIRECTORY_NOT_EMPTY`, `CA_DIRECTORY_NOT_A_DIRECTORY`, `CA_DIRECTORY_UNSAFE`, `REGISTRY_BUSY`, ….
 */
export async function createStore(directory: string, store: NewStore): Promise<Store> {
  const layout = layoutOf(directory);
  const isNew = !checkDirectory(layout.directory);
  refusePlaceOfOthers(layout.directory);
  // Who can exchange the directory could have root, and its owner, write elsewhere.
  requireSafeFolders(nodePath.dirname(layout.directory), 'a CA directory');
  try {
    if (isNew) makePrivateDirectory(layout.directory);
    return await createInside(layout, store);
  } catch (error) {
    if (isNew) removeIfEmpty(layout.directory);
    throw error;
  }
}

async function createInside(layout: Layout, store: NewStore): Promise<Store> {
  const registry = await lockNewRegistry(layout, { onWait: store.onWait });
  try {
    if (await hasRoot(registry)) throw exists(layout, await writeMissingRootFiles(layout, registry));
    refuseForeignFiles(layout);
    await layDownOrUndo(layout, registry, store);
    return createWriter(layout, registry, []);
  } catch (error) {
    await registry.close();
    throw error;
  }
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
  return new StoreError('CA_DIRECTORY_EXISTS', `${directory} holds a CA already${unfinished}`, {
    hint: 'use it (docker-mtls list), or choose another directory with --ca-dir',
  });
}

async function layDownOrUndo(layout: Layout, registry: Registry, store: NewStore): Promise<void> {
  try {
    clearLeftovers(layout);
    withAnchor(layout.directory, () => layDown(layout, store));
    await record(registry, store);
    await writeMissingRootFiles(layout, registry);
  } catch (error) {
    removeLeftovers(layout);
    throw error;
  }
}

/** As one change with the schema, where that is not there yet. */
async function record(registry: Registry, store: NewStore): Promise<void> {
  if ((await registry.schema()) > 0) await registry.transact((change) => recordRoot(change, store));
  else await registry.migrate((change) => recordRoot(change, store));
}

function layDown(layout: Layout, { keyPem, template }: NewStore): void {
  makePrivateUnsynced(layout.private);
  createFile(layout.caKey, keyPem, PRIVATE_FILE);
  syncDirectory(layout.private);
  for (const kind of LEAF_KINDS) makePrivateUnsynced(kindFolder(layout, kind));
  layDownTemplate(template, layout);
  syncDirectory(layout.directory);
}

async function recordRoot(
  change: RegistryChange,
  { certificate, crlPem, operator, now }: NewStore,
): Promise<void> {
  const { serial, keyId = serial } = certificate.info;
  await insertRoot(change, { certificate, operator, now });
  await change.insertAuthority({ keyId, state: 'signing', since: now, keyFile: CA_KEY_FILE });
  await change.insertList({ issuer: keyId, number: 1n, thisUpdate: now, nextUpdate: undefined, pem: crlPem });
  // It is written with ca.pem where it is missing.
  await change.listsArePublished();
  await change.appendEvent({ at: now, operator, action: 'ca.created', serial });
}
