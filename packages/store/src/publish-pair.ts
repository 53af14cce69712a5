import { quote } from '@docker-mtls/errors';
import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import {
  createFile,
  explained,
  makePrivateDirectory,
  PRIVATE_FILE,
  PUBLIC_FILE,
  syncDirectory,
} from '@docker-mtls/files';
import { findByFolderKey, findBySerial, insertCertificate, markReplaced } from './certificate-records.ts';
import { StoreError } from './error.ts';
import { foldFolderName, toFolderName } from './folder-name.ts';
import { kindFolder, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout, LeafKind } from './layout.ts';
import { appendEvent } from './ledger.ts';
import { placeStagedPair, stagedDirectory } from './place-staged-pair.ts';
import { rootsPem } from './root-files.ts';
import type { Registry } from './registry.ts';

export type PairRequest = {
  readonly kind: LeafKind;
  readonly name: string;
  readonly certificate: Certificate;
  /** Absent when somebody else's request was signed: the key never was here. */
  readonly keyPem?: string | undefined;
  /** Take the place of the pair in force; its files are kept aside, whole. */
  readonly force: boolean;
  readonly operator: string;
  readonly now: Date;
};

export type PublishedPair = {
  readonly directory: string;
  readonly files: { readonly ca: string; readonly certificate: string; readonly key?: string };
  /** Where the files are that stood there before. */
  readonly setAside?: string;
};

type Place = { readonly folder: string; readonly folderKey: string; readonly replaces: string | undefined };

/**
 * Key on the disk, then certificate in the registry, then both in place by one rename. Up to the commit, a failure
 * leaves things as they were; after it, the next `openStore` finishes what is left to do.
 * Codes: `STORE_NAME_UNUSABLE`, `STORE_NAME_TAKEN`, `STORE_NAME_COLLIDES`, `STORE_SERIAL_TAKEN`,
 * `STORE_UNPUBLISHED`, and those of the disk.
 */
export function publishPair(layout: Layout, registry: Registry, request: PairRequest): PublishedPair {
  const place = findPlace(layout, registry, request);
  const staged = stagedDirectory(layout, request.kind, request.certificate.info.serial);
  try {
    stage(layout, staged, { request, place, roots: rootsPem(registry) });
    registry.transact(() => record(registry, request, place));
  } catch (error) {
    discardUnlessRecorded(registry, request, staged);
    throw error;
  }
  return publish(layout, request, place);
}

/** A disk may fail right after the commit: a key whose certificate is on record is never thrown away. */
function discardUnlessRecorded(registry: Registry, { certificate }: PairRequest, staged: string): void {
  if (mayBeRecorded(registry, certificate)) return;
  fs.rmSync(staged, { recursive: true, force: true });
}

function mayBeRecorded(registry: Registry, { info }: Certificate): boolean {
  try {
    return findBySerial(registry, info.serial) !== undefined;
  } catch {
    // The next command that opens the registry will know.
    return true;
  }
}

function findPlace(
  layout: Layout,
  registry: Registry,
  { kind, name, certificate, force }: PairRequest,
): Place {
  const folder = toFolderName(kind, name);
  const folderKey = foldFolderName(folder);
  const standing = findByFolderKey(registry, kind, folderKey);
  if (standing !== undefined && standing['name'] !== name)
    throw collides(kind, name, String(standing['name']));
  if (standing !== undefined && !force) throw taken(`there is a ${kind} ${quote(name)} already`);
  const directory = nodePath.join(kindFolder(layout, kind), folder);
  if (standing === undefined && !force && fs.existsSync(directory))
    throw taken(`${directory} exists already`);
  if (findBySerial(registry, certificate.info.serial) !== undefined) throw serialTaken(certificate);
  return { folder, folderKey, replaces: standing === undefined ? undefined : String(standing['serial']) };
}

function collides(kind: LeafKind, name: string, standing: string): StoreError {
  return new StoreError(
    'STORE_NAME_COLLIDES',
    `the ${kind} ${quote(name)} would share its folder with ${quote(standing)}`,
    { hint: 'choose a name that differs in more than case, punctuation or the form of its letters' },
  );
}

function taken(message: string): StoreError {
  return new StoreError('STORE_NAME_TAKEN', message, {
    hint: '--force puts a new pair in its place and keeps the old key aside',
  });
}

function serialTaken({ info }: Certificate): StoreError {
  return new StoreError('STORE_SERIAL_TAKEN', `a certificate with serial ${info.serial} is in the registry`, {
    hint: 'issue a new one',
  });
}

type Staging = { readonly request: PairRequest; readonly roots: string; readonly place: Place };

function stage(layout: Layout, staged: string, { request, roots, place }: Staging): void {
  const { kind, keyPem, certificate } = request;
  const paths = leafPaths(staged, kind);
  prepareFolders(layout, kind, place);
  makePrivateDirectory(staged);
  if (keyPem !== undefined) createFile(paths.key, keyPem, PRIVATE_FILE);
  createFile(paths.ca, roots, PUBLIC_FILE);
  // The certificate may not be on the disk before it is in the registry, but its space may: so a full disk shows
  // before the commit, when all can still be undone.
  createFile(paths.certificate, Buffer.alloc(Buffer.byteLength(certificate.pem), '\n'), PUBLIC_FILE);
  syncDirectory(staged);
  syncDirectory(stagingFolder(layout, kind));
}

/** What could keep the renames from working after the commit should show before it. */
function prepareFolders(layout: Layout, kind: LeafKind, { replaces }: Place): void {
  const folder = kindFolder(layout, kind);
  makePrivateDirectory(folder);
  makePrivateDirectory(stagingFolder(layout, kind));
  if (replaces !== undefined) makePrivateDirectory(supersededFolder(layout, kind));
  explained('write to', folder, () => fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK));
}

function record(registry: Registry, request: PairRequest, { folder, folderKey, replaces }: Place): void {
  const { kind, name, certificate, operator, now } = request;
  const { serial } = certificate.info;
  if (replaces !== undefined) {
    markReplaced(registry, replaces, serial, now);
    const detail = { by: serial };
    appendEvent(registry, { at: now, operator, action: 'certificate.replaced', serial: replaces, detail });
  }
  insertCertificate(registry, { certificate, kind, name, folder, folderKey, operator, now });
  appendEvent(registry, { at: now, operator, action: 'certificate.issued', serial, detail: { kind, name } });
}

function publish(layout: Layout, request: PairRequest, place: Place): PublishedPair {
  const { directory, setAside } = placeOrExplain(layout, request, place);
  const { ca, certificate, key } = leafPaths(directory, request.kind);
  return {
    directory,
    files: { ca, certificate, ...(request.keyPem === undefined ? {} : { key }) },
    ...(setAside === undefined ? {} : { setAside }),
  };
}

function placeOrExplain(
  layout: Layout,
  { kind, certificate }: PairRequest,
  { folder, replaces }: Place,
): { directory: string; setAside?: string } {
  const { serial } = certificate.info;
  try {
    return placeStagedPair(layout, { kind, serial, folder, replaces, certificatePem: certificate.pem });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'STORE_UNPUBLISHED',
      `certificate ${serial} is recorded, but not in place yet: ${why}`,
      {
        hint: 'mend that; the next command that changes this CA puts the files in place',
        cause: error,
      },
    );
  }
}
