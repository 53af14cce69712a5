import fs from 'node:fs';
import nodePath from 'node:path';
import {
  exists,
  explained,
  isPartialName,
  makeDirectory,
  namesIn,
  readFileIfExists,
  removeFile,
  removeFolderIfEmpty,
  removeUnsynced,
  replaceFile,
} from '@docker-mtls/files';

/** A file as it was: its bytes, mode and owner; `null`: there was none. */
export type Image = {
  readonly path: string;
  readonly was: {
    readonly base64: string;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  } | null;
};

/** All that a change may touch, as it was before. */
export type Snapshot = {
  /** In the order in which the change writes them. */
  readonly images: readonly Image[];
  /** Folders that were not there, the outer ones first. */
  readonly missingFolders: readonly string[];
  /** daemon.json, and the names of the backups and records that lay beside it. */
  readonly config: string;
  readonly beside: readonly string[];
};

const BESIDE = /^\.\d{8}T\d{6}Z(?:-\d+)?\.(?:bak|undo\.json|undone)$/;

/**
 * Takes the images of daemon.json, its undo records and the files of `paths`, in that order of theirs. Of `others`,
 * only the folders are noted.
 */
export function takeSnapshot(
  config: string,
  paths: readonly string[],
  others: readonly string[] = [],
): Snapshot {
  const beside = namesBeside(config);
  const folder = nodePath.dirname(config);
  const records = beside.filter((name) => name.endsWith('.undo.json'));
  return {
    images: [...paths, ...records.map((name) => nodePath.join(folder, name))].map(imageOf),
    missingFolders: [
      ...new Set([...paths, config, ...others].flatMap((path) => missingAbove(path))),
    ].toSorted(),
    config,
    beside,
  };
}

/**
 * Puts every file back as it was, byte for byte, the last written first; what is so already stays. A program that
 * is interrupted starts again. Throws `FILE_…`.
 */
export function restoreSnapshot({ images, config, beside }: Snapshot): void {
  for (const image of images.toReversed()) restore(image);
  const folder = nodePath.dirname(config);
  const added = namesBeside(config).filter((name) => !beside.includes(name));
  for (const name of added) removeFile(nodePath.join(folder, name));
}

/** Takes away the folders that the change has made, unless somebody uses them. */
export function removeAddedFolders({ missingFolders }: Snapshot): void {
  for (const folder of missingFolders.toReversed()) {
    try {
      removeFolderIfEmpty(folder);
    } catch {
      // Not there, or not empty: then it is no longer ours alone.
    }
  }
}

/** Is the path daemon.json, or a backup or record beside it? */
export function belongsTo(config: string, path: string): boolean {
  return path === config || (path.startsWith(config) && BESIDE.test(path.slice(config.length)));
}

/** Takes away what a killed process has half written for these files; nobody else writes them under our lock. */
export function sweepPartialsOf(paths: readonly string[]): void {
  for (const path of paths) {
    const [folder, prefix] = [nodePath.dirname(path), `.${nodePath.basename(path)}.`];
    const partial = namesIn(folder).filter((name) => name.startsWith(prefix) && isPartialName(name));
    for (const name of partial) removeUnsynced(nodePath.join(folder, name));
  }
}

function imageOf(path: string): Image {
  const bytes = readFileIfExists(path);
  if (bytes === undefined) return { path, was: null };
  const { mode, uid, gid } = explained('read', path, () => fs.statSync(path));
  return { path, was: { base64: bytes.toString('base64'), mode: mode & 0o7777, uid, gid } };
}

function restore({ path, was }: Image): void {
  const now = imageOf(path).was;
  if (was === null) return now === null ? undefined : removeFile(path);
  if (now !== null && Object.entries(was).every(([key, value]) => Reflect.get(now, key) === value)) return;
  const { base64, ...access } = was;
  // An undo may have taken the folder away that was empty then.
  makeDirectory(nodePath.dirname(path));
  replaceFile(path, Buffer.from(base64, 'base64'), access);
}

/** The names of our backups and records beside a file. */
export function namesBeside(path: string): readonly string[] {
  const folder = nodePath.dirname(path);
  const prefix = nodePath.basename(path);
  return namesIn(folder).filter((name) => name.startsWith(prefix) && BESIDE.test(name.slice(prefix.length)));
}

function missingAbove(path: string): readonly string[] {
  const folder = nodePath.dirname(path);
  return exists(folder) ? [] : [...missingAbove(folder), folder];
}
