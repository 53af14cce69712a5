import fs from 'node:fs';
import nodePath from 'node:path';
import type { Certificate } from '@docker-mtls/ca';
import {
  createUnsynced,
  makePrivateDirectory,
  makePrivateUnsynced,
  PRIVATE_FILE,
  PUBLIC_FILE,
  syncAll,
} from '@docker-mtls/files';
import { readAsOwner } from './as-owner.ts';
import { findBySerial, insertCertificate, markReplaced } from './certificate-records.ts';
import type { Entry } from './entry.ts';
import { StoreError } from './error.ts';
import { kindFolder, LEAF_KINDS, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout, LeafKind } from './layout.ts';
import { appendEvent } from './ledger.ts';
import { placeStagedPairs } from './place-staged-pair.ts';
import type { PlacedPair, StagedPair } from './place-staged-pair.ts';
import { planPairs } from './plan-pairs.ts';
import type { PairRequest, PlannedPair } from './plan-pairs.ts';
import { requireOwn, requireWritable } from './require-own.ts';
import { rootsPem } from './root-files.ts';
import type { Registry } from './registry.ts';

export type PublishedPair = {
  readonly directory: string;
  readonly files: { readonly ca: string; readonly certificate: string; readonly key?: string };
  /** Where the files are that stood there before. */
  readonly setAside?: string;
} & Pick<Entry, 'read'>;

/** As `publishPairs`, of one. */
export function publishPair(layout: Layout, registry: Registry, request: PairRequest): PublishedPair {
  const [pair] = publishPairs(layout, registry, [request]);
  if (pair === undefined) throw new Error('a pair was published, and is not there');
  return pair;
}

/**
 * All keys on the disk, then all certificates in the registry by one commit, then each pair in place by one rename. Up
 * to the commit, a failure leaves things as they were; after it, the next `openStore` finishes what is left to do.
 * Codes: `STORE_NAME_UNUSABLE`, `STORE_NAME_TAKEN`, `STORE_NAME_COLLIDES`, `STORE_SERIAL_TAKEN`, `STORE_UNPUBLISHED`,
 * and those of the disk.
 */
export function publishPairs(
  layout: Layout,
  registry: Registry,
  requests: readonly PairRequest[],
): readonly PublishedPair[] {
  const planned = planPairs(layout, registry, requests);
  if (planned.length === 0) return [];
  try {
    const roots = rootsPem(registry);
    for (const [kind, pairs] of byKind(planned)) stage(layout, kind, pairs, roots);
    registry.transact(() => planned.forEach((pair) => record(registry, pair)));
  } catch (error) {
    discardUnlessRecorded(registry, planned);
    throw error;
  }
  const places = new Map(byKind(planned).flatMap(([kind, pairs]) => publish(layout, kind, pairs)));
  return planned.flatMap((pair) => places.get(pair) ?? []);
}

function byKind(planned: readonly PlannedPair[]): readonly (readonly [LeafKind, readonly PlannedPair[]])[] {
  return LEAF_KINDS.map(
    (kind) => [kind, planned.filter(({ request }) => request.kind === kind)] as const,
  ).filter(([, pairs]) => pairs.length > 0);
}

/** A disk may fail right after the commit: a key whose certificate is on record is never thrown away. */
function discardUnlessRecorded(registry: Registry, planned: readonly PlannedPair[]): void {
  if (planned.some(({ request }) => mayBeRecorded(registry, request.certificate))) return;
  for (const { staged } of planned) fs.rmSync(staged, { recursive: true, force: true });
}

function mayBeRecorded(registry: Registry, { info }: Certificate): boolean {
  try {
    return findBySerial(registry, info.serial) !== undefined;
  } catch {
    // The next command that opens the registry will know.
    return true;
  }
}

function stage(layout: Layout, kind: LeafKind, planned: readonly PlannedPair[], roots: string): void {
  prepareFolders(layout, kind, planned);
  const staging = stagingFolder(layout, kind);
  const files = planned.flatMap((pair) => stageOne(pair, roots));
  syncAll(staging, { files, folders: [...planned.map(({ staged }) => staged), staging] });
}

/** Returns the files that must be whole before the commit. */
function stageOne({ request, staged }: PlannedPair, roots: string): readonly string[] {
  const { kind, keyPem, certificate } = request;
  const paths = leafPaths(staged, kind);
  makePrivateUnsynced(staged);
  if (keyPem !== undefined) createUnsynced(paths.key, keyPem, PRIVATE_FILE);
  createUnsynced(paths.ca, roots, PUBLIC_FILE);
  // The certificate may not be on the disk before it is in the registry, but its space may: so a full disk shows
  // before the commit, when all can still be undone. It holds nothing yet that would have to be there after a crash.
  const space = Buffer.alloc(Buffer.byteLength(certificate.pem), '\n');
  createUnsynced(paths.certificate, space, PUBLIC_FILE);
  return [...(keyPem === undefined ? [] : [paths.key]), paths.ca];
}

/** What could keep the renames from working after the commit should show before it. */
function prepareFolders(layout: Layout, kind: LeafKind, planned: readonly PlannedPair[]): void {
  const folder = kindFolder(layout, kind);
  makePrivateDirectory(folder);
  makePrivateDirectory(stagingFolder(layout, kind));
  requireWritable(folder);
  const replaced = planned
    .filter(({ request }) => request.force)
    .map((pair) => nodePath.join(folder, pair.folder));
  const standing = replaced.filter((path) => fs.existsSync(path));
  for (const path of standing) requireMovable(layout, path);
  if (standing.length > 0) makePrivateDirectory(supersededFolder(layout, kind));
}

/** A folder that moves to another one is written to itself: it says where `..` is. */
function requireMovable(layout: Layout, path: string): void {
  if (!fs.lstatSync(path).isDirectory()) return;
  requireOwn(layout, path);
  requireWritable(path);
}

function record(registry: Registry, { request, folder, folderKey, replaces }: PlannedPair): void {
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

function publish(
  layout: Layout,
  kind: LeafKind,
  planned: readonly PlannedPair[],
): readonly (readonly [PlannedPair, PublishedPair])[] {
  const placed = placeOrExplain(layout, kind, planned);
  return planned.flatMap((pair, index) => {
    const place = placed[index];
    return place === undefined ? [] : [[pair, published(layout, place, pair)]];
  });
}

function published(
  layout: Layout,
  { directory, setAside }: PlacedPair,
  { request }: PlannedPair,
): PublishedPair {
  const { ca, certificate, key } = leafPaths(directory, request.kind);
  return {
    directory,
    files: { ca, certificate, ...(request.keyPem !== undefined && { key }) },
    read: (path) => readAsOwner(layout.directory, path),
    ...(setAside === undefined ? {} : { setAside }),
  };
}

function placeOrExplain(
  layout: Layout,
  kind: LeafKind,
  planned: readonly PlannedPair[],
): readonly PlacedPair[] {
  try {
    return placeStagedPairs(layout, kind, planned.map(toStagedPair));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError('STORE_UNPUBLISHED', `${recorded(planned)} recorded, but not in place yet: ${why}`, {
      hint: 'mend that; the next command that changes this CA puts the files in place',
      cause: error,
    });
  }
}

function toStagedPair({ request, folder, replaces }: PlannedPair): StagedPair {
  const { pem, info } = request.certificate;
  return { serial: info.serial, folder, replaces, certificatePem: pem };
}

function recorded([first, ...others]: readonly PlannedPair[]): string {
  const serial = first?.request.certificate.info.serial ?? '';
  return others.length === 0
    ? `certificate ${serial} is`
    : `certificate ${serial} and ${others.length} more are`;
}
