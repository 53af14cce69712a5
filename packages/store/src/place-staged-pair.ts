import fs from 'node:fs';
import nodePath from 'node:path';
import {
  explained,
  makePrivateDirectory,
  PUBLIC_FILE,
  readFileIfExists,
  syncAll,
  syncDirectory,
} from '@docker-mtls/files';
import { toSupersededName } from './folder-name.ts';
import { kindFolder, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout, LeafKind } from './layout.ts';

export type StagedPair = {
  readonly serial: string;
  readonly folder: string;
  readonly certificatePem: string;
  /** Serial of the pair that it replaces, if the registry knows one. */
  readonly replaces: string | undefined;
};

export function stagedDirectory(layout: Layout, kind: LeafKind, serial: string): string {
  // It becomes a part of a path.
  if (!/^[0-9a-f]{1,64}$/u.test(serial)) throw new Error('a serial is lower-case hexadecimal');
  return nodePath.join(stagingFolder(layout, kind), serial);
}

/** Where a pair is now, and where what it took the place of. */
export type PlacedPair = { readonly directory: string; readonly setAside?: string };

/**
 * Puts recorded pairs of one kind in place, each as one generation: what stands there is moved aside whole, never mixed
 * with it and never deleted. Can be done again after a crash at any step.
 */
export function placeStagedPairs(
  layout: Layout,
  kind: LeafKind,
  pairs: readonly StagedPair[],
): readonly PlacedPair[] {
  const certificates = pairs.map((pair) => {
    const path = leafPaths(stagedDirectory(layout, kind, pair.serial), kind).certificate;
    overwrite(path, pair.certificatePem);
    return path;
  });
  // Before the renames: a published certificate is whole, even if the power fails.
  syncAll(stagingFolder(layout, kind), { files: certificates, folders: [] });
  const placed = pairs.map((pair) => moveInPlace(layout, kind, pair));
  syncDirectory(kindFolder(layout, kind));
  return placed;
}

/** Into the space that was reserved for it before the commit. */
function overwrite(path: string, text: string): void {
  explained('write', path, () => {
    const file = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_CREAT, PUBLIC_FILE);
    try {
      fs.writeFileSync(file, text);
      fs.ftruncateSync(file, Buffer.byteLength(text));
    } finally {
      fs.closeSync(file);
    }
  });
}

function moveInPlace(layout: Layout, kind: LeafKind, pair: StagedPair): PlacedPair {
  const directory = nodePath.join(kindFolder(layout, kind), pair.folder);
  const setAside = fs.existsSync(directory) ? moveAside(layout, kind, pair) : undefined;
  rename(stagedDirectory(layout, kind, pair.serial), directory);
  return setAside === undefined ? { directory } : { directory, setAside };
}

/**
 * Puts the files of a certificate that is in force again back in place, out of the folder of the replaced ones; what
 * stands there goes to that folder, whole, and so do the files of `other`, even where the earlier ones are gone. Can be
 * done again after a crash at any step. Was there anything to do?
 */
export function bringBackPair(
  layout: Layout,
  kind: LeafKind,
  { other, ...pair }: StagedPair & { readonly other: string | undefined },
): boolean {
  const { serial, folder } = pair;
  const from = nodePath.join(supersededFolder(layout, kind), toSupersededName(folder, serial));
  const directory = nodePath.join(kindFolder(layout, kind), folder);
  const isKept = certificateIn(from, kind) === pair.certificatePem;
  const isOther = other !== undefined && certificateIn(directory, kind) === other;
  if (!isKept && !isOther) return false;
  if (fs.existsSync(directory)) moveAside(layout, kind, pair);
  if (isKept) rename(from, directory);
  syncDirectory(supersededFolder(layout, kind));
  syncDirectory(kindFolder(layout, kind));
  return true;
}

function certificateIn(folder: string, kind: LeafKind): string | undefined {
  return readFileIfExists(leafPaths(folder, kind).certificate)?.toString('utf8');
}

function moveAside(layout: Layout, kind: LeafKind, { serial, folder, replaces }: StagedPair): string {
  // A folder that the registry does not know is named after what came in its place.
  const name = toSupersededName(folder, replaces ?? `before-${serial}`);
  return moveToSuperseded(layout, kind, { from: nodePath.join(kindFolder(layout, kind), folder), name });
}

type Move = { readonly from: string; readonly name: string };

/** Keeps a generation that is no longer in force. Returns where. */
export function moveToSuperseded(layout: Layout, kind: LeafKind, { from, name }: Move): string {
  const superseded = supersededFolder(layout, kind);
  makePrivateDirectory(superseded);
  const setAside = nodePath.join(superseded, name);
  rename(from, setAside);
  syncDirectory(superseded);
  return setAside;
}

function rename(from: string, to: string): void {
  explained('put in place', to, () => fs.renameSync(from, to));
}
