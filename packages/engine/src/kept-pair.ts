import nodePath from 'node:path';
import { parseDaemonConfig, withEngineFiles } from '@docker-mtls/daemon-config';
import type { EngineFiles } from '@docker-mtls/daemon-config';
import {
  exists,
  isPublishedLink,
  makePrivateDirectory,
  placeFolder,
  PRIVATE_FILE,
  readFile,
  readFileIfExists,
  removeFile,
  removeFolder,
  replaceFile,
  statIfExists,
} from '@docker-mtls/files';
import { dropGenerations, generationOf, putGenerationsBack } from './kept-generation.ts';
import { namesBeside, restoreSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** What the CA has on record of the pair that the engine has now. */
export type PairRecord = { readonly directory: string; readonly name: string; readonly serial: string };

/** Puts the pair of a record in force again, in the CA directory too. Can be done twice. */
export type Reinstate = (record: PairRecord) => Promise<void>;

/** A new pair for the engine. */
export type PairChange = {
  /** What the engine reads its pair from. */
  readonly engine: EngineFiles;
  /** What else is written outside of the CA directory. */
  readonly copies: readonly string[];
  /** Absent when the pair is not new, and only comes to the engine. */
  readonly record?: PairRecord;
  readonly publish: () => Promise<void>;
};

/** The pair before a change, as a journal describes it. Its files are beside, for a journal is no place for a key. */
export type KeptPair = {
  readonly engine: EngineFiles;
  readonly record: PairRecord | null;
  readonly files: readonly KeptFile[];
};

export type KeptFile = {
  readonly path: string;
  readonly was: { readonly mode: number; readonly uid: number; readonly gid: number } | null;
  /** The backups that lay beside it. */
  readonly beside: readonly string[];
  /** Of its folder: `generationOf`. Absent for files of the CA directory, whose registry says what is in force. */
  readonly generation?: string | null;
};

/** A folder that only root can enter, beside daemon.json, which the engine can read for certain. */
export function pairFolder(config: string): string {
  return nodePath.join(nodePath.dirname(config), 'docker-mtls.pair');
}

export function pathsOf({ engine, copies }: Pick<PairChange, 'engine' | 'copies'>): readonly string[] {
  return [...new Set([engine.ca, engine.certificate, engine.key, ...copies])];
}

export function describePair(change: PairChange): KeptPair {
  const { engine, record = null } = change;
  const isOnRecord = (path: string): boolean => record !== null && path.startsWith(`${record.directory}/`);
  const files = pathsOf(change).map((path) =>
    isOnRecord(path) ? describeFile(path) : { ...describeFile(path), generation: generationOf(path) },
  );
  return { engine, record, files };
}

function describeFile(path: string): KeptFile {
  const stats = statIfExists(path);
  const was = stats === undefined ? null : { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
  return { path, was, beside: namesBeside(path) };
}

/**
 * Puts a new pair in place. No rename changes two files at once, and anybody may start the engine at any moment: so
 * meanwhile daemon.json leads to a copy of the pair that was there. Needs a journal on the disk. Throws `FILE_…` and
 * what `publish` throws.
 */
export async function switchPair(
  snapshot: Snapshot,
  kept: KeptPair,
  publish: PairChange['publish'],
): Promise<void> {
  keepFiles(snapshot.config, kept);
  restoreSnapshot(leadingToKept(snapshot, kept));
  await publish();
  restoreSnapshot(snapshot);
}

function keepFiles(config: string, { files }: KeptPair): void {
  const present = files.flatMap(({ path, was }, index) => (was === null ? [] : [{ path, index }]));
  placeFolder(
    pairFolder(config),
    present.map(({ path, index }) => ({ name: nameOf(index), data: readFile(path), mode: PRIVATE_FILE })),
  );
}

function nameOf(index: number): string {
  return `${index}.pem`;
}

/** The same files, but for a daemon.json that leads to the pair that is kept. */
export function leadingToKept(snapshot: Snapshot, { engine, files }: KeptPair): Snapshot {
  const { config, images } = snapshot;
  const copy = (path: string): string =>
    nodePath.join(pairFolder(config), nameOf(files.findIndex((file) => file.path === path)));
  const copies = { ca: copy(engine.ca), certificate: copy(engine.certificate), key: copy(engine.key) };
  const other = (base64: string): string =>
    Buffer.from(withEngineFiles(parseDaemonConfig(Buffer.from(base64, 'base64')), copies)).toString('base64');
  return {
    ...snapshot,
    images: images.map(({ path, was }) => ({
      path,
      was: path === config && was !== null ? { ...was, base64: other(was.base64) } : was,
    })),
  };
}

/** Puts a pair back, byte for byte, as it was put in place: daemon.json leads to the copy until it is there. */
export async function putPairBack(snapshot: Snapshot, kept: KeptPair, reinstate: Reinstate): Promise<void> {
  const folder = pairFolder(snapshot.config);
  // Nothing of the pair changes before the folder is there.
  if (!exists(folder)) return;
  restoreSnapshot(leadingToKept(snapshot, kept));
  if (kept.record !== null) await reinstate(kept.record);
  const copy = (index: number): string => nodePath.join(folder, nameOf(index));
  const published = kept.files.flatMap(({ path, was, generation }, index) =>
    generation === undefined
      ? []
      : [{ path, mode: was?.mode, copy: () => readFile(copy(index)), generation }],
  );
  putGenerationsBack(published);
  kept.files.forEach((file, index) => restoreFile(file, copy(index)));
  dropGenerations(published);
}

function restoreFile({ path, was, beside, generation }: KeptFile, copy: string): void {
  // A plain file is to be one again before the generation that a link leads into goes.
  const isLinked = generation === null && isPublishedLink(nodePath.dirname(path), nodePath.basename(path));
  if (was === null) removeIfThere(path);
  else if (isLinked || !isSame(path, was, readFile(copy))) {
    makePrivateDirectory(nodePath.dirname(path));
    replaceFile(path, readFile(copy), was);
  }
  const added = namesBeside(path).filter((name) => !beside.includes(name));
  for (const name of added) removeIfThere(nodePath.join(nodePath.dirname(path), name));
}

function isSame(path: string, was: NonNullable<KeptFile['was']>, bytes: Buffer): boolean {
  const now = describeFile(path).was;
  const isAlike = now !== null && now.mode === was.mode && now.uid === was.uid && now.gid === was.gid;
  return isAlike && readFileIfExists(path)?.equals(bytes) === true;
}

function removeIfThere(path: string): void {
  if (exists(path)) removeFile(path);
}

/** Forgets the copy, once no journal needs it. */
export function dropKept(config: string): void {
  removeFolder(pairFolder(config));
}
