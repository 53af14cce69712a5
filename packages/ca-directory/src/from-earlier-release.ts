import fs from 'node:fs';
import nodePath from 'node:path';
import { explained, namesIn } from '@docker-mtls/files';
import type { LeafKind, RegistryChange } from '@docker-mtls/registry';
import { LEAF_KINDS, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout } from './layout.ts';
import { recordedPair } from './reinstate-pair.ts';

const SERIAL = /^[\da-f]{1,64}$/u;

/**
 * Puts on record what a killed command of an earlier release left unfinished: those releases searched the folders for
 * it. Part of the change that brings the registry to schema 2.
 */
export async function recordEarlierWork(layout: Layout, change: RegistryChange): Promise<void> {
  const records = [...(await change.reinstated())];
  for (const serial of LEAF_KINDS.flatMap((kind) => stagedIn(layout, kind))) {
    const staged = await change.certificate(serial);
    if (staged?.status === 'current') records.push(staged);
  }
  for (const record of records) await change.beginWork(recordedPair(record));
}

/** Was the first command after that release killed before `clearEarlierFolders` had done its work? */
export function areEarlierFoldersLeft(layout: Layout): boolean {
  return LEAF_KINDS.some((kind) => {
    const folder = stagingFolder(layout, kind);
    return fs.existsSync(folder) && namesIn(folder).every((name) => SERIAL.test(name));
  });
}

/**
 * Clears the staging folders of an earlier release, once their pairs are published; what else is in them was never
 * issued. The pairs that were replaced stay, and are reported. Returns what was found, in words.
 */
export function clearEarlierFolders(layout: Layout): readonly string[] {
  return LEAF_KINDS.flatMap((kind) => {
    for (const serial of stagedIn(layout, kind))
      removeStaged(nodePath.join(stagingFolder(layout, kind), serial), kind);
    removeIfEmpty(stagingFolder(layout, kind));
    const superseded = supersededFolder(layout, kind);
    const count = namesIn(superseded).length;
    const pairs = count === 1 ? '1 pair that was' : `${count} pairs that were`;
    return count === 0
      ? []
      : [
          `kept ${pairs} replaced by an earlier release in ${superseded}; remove the folder if no engine uses them`,
        ];
  });
}

function stagedIn(layout: Layout, kind: LeafKind): readonly string[] {
  return namesIn(stagingFolder(layout, kind)).filter((name) => SERIAL.test(name));
}

function removeStaged(path: string, kind: LeafKind): void {
  const { key, ca, certificate } = leafPaths(path, kind);
  explained('remove', path, () => {
    for (const file of [key, ca, certificate]) fs.rmSync(file, { force: true });
    removeIfEmpty(path);
  });
}

function removeIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch {
    // It is gone, or somebody keeps other files in it.
  }
}
