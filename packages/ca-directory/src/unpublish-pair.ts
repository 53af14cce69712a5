import fs from 'node:fs';
import nodePath from 'node:path';
import {
  currentGeneration,
  readFileIfExists,
  removeFile,
  removeFolderIfEmpty,
  syncDirectory,
  takeBackGeneration,
} from '@docker-mtls/files';
import { toSupersededName } from './folder-name.ts';
import { kindFolder, leafPaths, stagingFolder, supersededFolder } from './layout.ts';
import type { Layout } from './layout.ts';
import { findGeneration, pairDirectory, pairFileNames } from './pair-folder.ts';
import type { RecordedPair } from './pair-folder.ts';

/**
 * Takes back what was published of a certificate, its key included, also where another pair has replaced it or an earlier
 * release has put it. Files of others stay, and with them the folder. Can be done again after a crash at any step.
 */
export function unpublishPair(layout: Layout, pair: RecordedPair): void {
  const directory = pairDirectory(layout, pair);
  const names = pairFileNames(pair.kind);
  if (currentGeneration(directory) === undefined) removePlainFiles(directory, pair);
  takeBackGeneration({ directory, generation: findGeneration(directory, pair), names });
  for (const folder of earlierPlaces(layout, pair)) {
    for (const name of names) removeFile(nodePath.join(folder, name));
    removeFolderIfEmpty(folder);
  }
  for (const folder of [directory, kindFolder(layout, pair.kind)])
    if (fs.existsSync(folder)) syncDirectory(folder);
}

/** Where there are no links, and in what an earlier release made. The certificate, which tells whose they are, goes last. */
function removePlainFiles(directory: string, { kind, certificatePem }: RecordedPair): void {
  const { certificate } = leafPaths(directory, kind);
  if (readFileIfExists(certificate)?.toString('utf8') !== certificatePem) return;
  for (const name of pairFileNames(kind)) removeFile(nodePath.join(directory, name));
}

function earlierPlaces(layout: Layout, { kind, serial, folder }: RecordedPair): readonly string[] {
  return [
    nodePath.join(stagingFolder(layout, kind), serial),
    nodePath.join(supersededFolder(layout, kind), toSupersededName(folder, serial)),
  ].filter((path) => fs.existsSync(path));
}
