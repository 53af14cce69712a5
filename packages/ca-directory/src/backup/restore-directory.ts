import fs from 'node:fs';
import nodePath from 'node:path';
import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import {
  createUnsynced,
  isPartialName,
  isWorkFolder,
  makePrivateDirectory,
  makePrivateUnsynced,
  makeWorkFolder,
  move,
  namesIn,
  PRIVATE_FILE,
  PUBLIC_FILE,
  removeFolder,
  requireSafeFolders,
  stageGeneration,
  sweepFolder,
  syncAll,
  syncDirectory,
} from '@docker-mtls/files';
import type { Unsynced } from '@docker-mtls/files';
import { Connection, RegistryError } from '@docker-mtls/registry';
import type { RegistryReader } from '@docker-mtls/registry';
import { checkDirectory } from '../check-directory.ts';
import { StoreError } from '../error.ts';
import { isKeyOf, publishedRows } from '../inspect/pairs.ts';
import { kindFolder, LEAF_FILES, LEAF_KINDS, layoutOf, RESTORE_WORK } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { openRegistry } from '../open-store.ts';
import { refusePlaceOfOthers } from '../other-owner.ts';
import { pairDirectory, pairFileNames, publishStaged } from '../pair-folder.ts';
import type { RecordedPair } from '../pair-folder.ts';
import { rootsPem } from '../root-files.ts';
import { createWriter } from '../store.ts';
import type { Store } from '../store.ts';
import { pairKeyFile, REGISTRY_FILE } from './backup-files.ts';
import { backupUnusable, checkBackupFiles, checkBackupRegistry } from './check-backup.ts';
import type { BackupFile } from './snapshot.ts';

/**
 * Makes a CA directory from a backup, in a folder that is new or empty. All of it is made in a folder of its own in there;
 * `finish` has it as a store of its own, to make revocation lists for instance; then its parts are put in place, the
 * registry last: with it, the CA is there. A restore that was killed before is begun again. Codes: `CA_DIRECTORY_EXISTS`,
 * `CA_DIRECTORY_NOT_EMPTY`, `CA_DIRECTORY_BACKUP_INVALID`, `REGISTRY_CORRUPT`, `REGISTRY_NEWER`, `REGISTRY_BUSY`, ….
 */
export async function restoreDirectory<T>(
  directory: string,
  files: readonly BackupFile[],
  finish: (store: Store) => Promise<T>,
): Promise<T> {
  const layout = layoutOf(directory);
  const byPath = new Map(files.map((file) => [file.path, file]));
  checkBackupFiles(byPath);
  const isNew = prepare(layout);
  const work = makeWorkFolder(layout.directory, RESTORE_WORK);
  let isHalfDone = false;
  try {
    clearEarlier(layout, work);
    const result = await fill(layoutOf(work), byPath, finish);
    refuseParts(layout);
    isHalfDone = true;
    putInPlace(layout, work);
    isHalfDone = false;
    return result;
  } catch (error) {
    if (isHalfDone) isHalfDone = !takeBack(layout);
    throw ofBackup(error, work);
  } finally {
    // Else the next restore knows by this folder that the parts are not somebody else's.
    if (!isHalfDone) removeFolder(work);
    if (isNew && namesIn(layout.directory).length === 0) fs.rmdirSync(layout.directory);
  }
}

/** The folder that all of it is made in is gone when anybody reads the message. */
function ofBackup(error: unknown, work: string): unknown {
  if (!isMtlsError(error) || !error.message.includes(work)) return error;
  const { code, hint } = error;
  const message = error.message.replaceAll(`${work}/`, "the backup's ");
  return new MtlsError(code, message, { cause: error, ...(hint !== undefined && { hint }) });
}

/** What is laid down, in the order in which it is put in place. */
const PARTS: readonly string[] = [
  'private',
  'profiles',
  'README.md',
  'servers',
  'clients',
  'ca.pem',
  'crl.pem',
  REGISTRY_FILE,
];

function prepare(layout: Layout): boolean {
  const isNew = !checkDirectory(layout.directory);
  refusePlaceOfOthers(layout.directory);
  requireSafeFolders(nodePath.dirname(layout.directory), 'a CA directory');
  if (isNew) makePrivateDirectory(layout.directory);
  const names = namesIn(layout.directory);
  if (names.includes(REGISTRY_FILE)) {
    // The restore may have been killed as it was about to remove the folder in which it had made this CA.
    sweepFolder(layout.directory);
    throw new StoreError('CA_DIRECTORY_EXISTS', `${layout.directory} holds a CA already`, {
      hint: 'choose a new or empty directory with --ca-dir',
    });
  }
  // Only a restore that was killed has left both.
  const isBegun = names.some((name) => isWorkFolder(name, RESTORE_WORK));
  const foreign = names.find(
    (name) => !isPartialName(name) && name !== 'lost+found' && !(isBegun && PARTS.includes(name)),
  );
  if (foreign !== undefined) throw notEmpty(layout, foreign);
  return isNew;
}

function notEmpty({ directory }: Layout, name: string): StoreError {
  return new StoreError(
    'CA_DIRECTORY_NOT_EMPTY',
    `${directory} is not empty: it holds ${JSON.stringify(name)}`,
    {
      hint: 'choose a new or empty directory with --ca-dir',
    },
  );
}

/** Removes what a killed restore had put in place. Another one that is at work is left alone. */
function clearEarlier(layout: Layout, work: string): void {
  sweepFolder(layout.directory);
  const other = namesIn(layout.directory).find(
    (name) => isPartialName(name) && name !== nodePath.basename(work),
  );
  if (other !== undefined)
    throw new RegistryError('REGISTRY_BUSY', `another command is restoring a backup to ${layout.directory}`, {
      hint: `wait for it; if there is none, remove ${nodePath.join(layout.directory, other)}`,
    });
  refuseRegistry(layout);
  removeParts(layout);
}

function removeParts(layout: Layout): void {
  for (const name of PARTS) removeFolder(nodePath.join(layout.directory, name));
}

/** Somebody may have made a CA there since it was looked at. */
function refuseRegistry(layout: Layout): void {
  if (namesIn(layout.directory).includes(REGISTRY_FILE)) throw notEmpty(layout, REGISTRY_FILE);
}

async function fill<T>(
  layout: Layout,
  files: ReadonlyMap<string, BackupFile>,
  finish: (store: Store) => Promise<T>,
): Promise<T> {
  layDown(layout, files);
  checkAlone(layout);
  const { registry } = await openRegistry(layout.directory, {});
  try {
    const result = await finish(createWriter(layout, registry, []));
    await publishPairs(layout, registry, files);
    return result;
  } finally {
    await registry.close();
  }
}

function layDown(layout: Layout, files: ReadonlyMap<string, BackupFile>): void {
  for (const folder of [
    layout.private,
    layout.profiles,
    ...LEAF_KINDS.map((kind) => kindFolder(layout, kind)),
  ])
    makePrivateUnsynced(folder);
  const paths: string[] = [];
  for (const { path, data } of files.values()) {
    if (path.startsWith('pairs/')) continue;
    const mode = path.startsWith('private/') || path === REGISTRY_FILE ? PRIVATE_FILE : PUBLIC_FILE;
    createUnsynced(nodePath.join(layout.directory, path), data, mode);
    paths.push(nodePath.join(layout.directory, path));
  }
  syncAll(layout.directory, { files: paths, folders: [layout.private, layout.profiles, layout.directory] });
}

/** Before anything is done with it. */
function checkAlone(layout: Layout): void {
  const registry = new Connection(layout.registry);
  try {
    checkBackupRegistry(registry);
  } finally {
    registry.close();
  }
}

/** The pairs in force; what `finish` has revoked is not among them. They go to the disk together. */
async function publishPairs(
  layout: Layout,
  registry: RegistryReader,
  files: ReadonlyMap<string, BackupFile>,
): Promise<void> {
  const roots = await rootsPem(registry);
  const rows = await publishedRows(registry);
  for (const kind of LEAF_KINDS) {
    const pairs = rows.filter(({ pair }) => pair.kind === kind);
    const unsynced = pairs.map(({ pair, name }) => {
      const key = files.get(pairKeyFile(pair.serial))?.data;
      if (isKeyOf(pair, key)) return stagePair(layout, pair, { key, roots });
      throw backupUnusable(`the key of the ${kind} ${JSON.stringify(name)} is another one`);
    });
    syncAll(kindFolder(layout, kind), {
      files: unsynced.flatMap((each) => each.files),
      folders: unsynced.flatMap((each) => each.folders),
    });
    publishStaged(
      layout,
      pairs.map(({ pair }) => pair),
    );
  }
}

type PairContent = { readonly key: Buffer | undefined; readonly roots: string };

function stagePair(layout: Layout, pair: RecordedPair, { key, roots }: PairContent): Unsynced {
  const directory = pairDirectory(layout, pair);
  makePrivateUnsynced(directory);
  const names = LEAF_FILES[pair.kind];
  return stageGeneration({
    directory,
    id: pair.serial,
    names: pairFileNames(pair.kind),
    files: [
      ...(key === undefined ? [] : [{ name: names.key, data: key, mode: PRIVATE_FILE }]),
      { name: names.ca, data: roots, mode: PUBLIC_FILE },
      { name: names.certificate, data: pair.certificatePem, mode: PUBLIC_FILE },
    ],
  });
}

/** Somebody may have put something there meanwhile. */
function refuseParts(layout: Layout): void {
  const [taken] = namesIn(layout.directory).filter((name) => PARTS.includes(name));
  if (taken !== undefined) throw notEmpty(layout, taken);
}

function putInPlace(layout: Layout, work: string): void {
  for (const part of PARTS) {
    // The registry says that all else is there.
    if (part === REGISTRY_FILE) syncDirectory(layout.directory);
    const from = nodePath.join(work, part);
    if (fs.existsSync(from)) move(from, nodePath.join(layout.directory, part));
  }
  syncDirectory(layout.directory);
}

/** After a failure: with the registry the CA is there, without it its parts go. Did they? */
function takeBack(layout: Layout): boolean {
  try {
    if (!namesIn(layout.directory).includes(REGISTRY_FILE)) removeParts(layout);
    return true;
  } catch {
    return false;
  }
}
