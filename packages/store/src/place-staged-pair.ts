import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, makePrivateDirectory, PUBLIC_FILE, syncDirectory } from '@docker-mtls/files';
import { toSupersededName } from './folder-name.ts';
import { kindFolder, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout, LeafKind } from './layout.ts';

export type StagedPair = {
  readonly kind: LeafKind;
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

/**
 * Puts a recorded pair in place, as one generation: what stands there is moved aside whole, never mixed with it
 * and never deleted. Can be done again after a crash at any step.
 */
export function placeStagedPair(layout: Layout, pair: StagedPair): { directory: string; setAside?: string } {
  const { kind, serial, folder } = pair;
  const staged = stagedDirectory(layout, kind, serial);
  const directory = nodePath.join(kindFolder(layout, kind), folder);
  overwrite(leafPaths(staged, kind).certificate, pair.certificatePem);
  const setAside = fs.existsSync(directory) ? moveAside(layout, pair, directory) : undefined;
  rename(staged, directory);
  syncDirectory(kindFolder(layout, kind));
  return setAside === undefined ? { directory } : { directory, setAside };
}

/** Into the space that was reserved for it before the commit. */
function overwrite(path: string, text: string): void {
  explained('write', path, () => {
    const file = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_CREAT, PUBLIC_FILE);
    try {
      fs.writeFileSync(file, text);
      fs.ftruncateSync(file, Buffer.byteLength(text));
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
  });
}

function moveAside(
  layout: Layout,
  { kind, serial, folder, replaces }: StagedPair,
  directory: string,
): string {
  // A folder that the registry does not know is named after what came in its place.
  const name = toSupersededName(folder, replaces ?? `before-${serial}`);
  return moveToSuperseded(layout, kind, { from: directory, name });
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
