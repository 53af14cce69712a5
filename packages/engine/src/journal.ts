import fs from 'node:fs';
import nodePath from 'node:path';
import {
  exists,
  explained,
  isGenerationName,
  makeDirectory,
  ownAccess,
  PRIVATE_FILE,
  readFileIfExists,
  removeFile,
  removeUnsynced,
  replaceFile,
} from '@docker-mtls/files';
import { HostError } from './host-error.ts';
import type { KeptPair } from './kept-pair.ts';
import { realPathOf } from './real-path.ts';
import { belongsTo } from './snapshot.ts';
import type { Image, Snapshot } from './snapshot.ts';

/**
 * A change under way. It is on the disk before the first file changes and goes when the change is proven or taken
 * back, so a journal that is found means a change that was interrupted, and all that is needed to take it back.
 */
export type Journal = {
  readonly path: string;
  /** `writing`: the engine has not been touched yet. */
  readonly phase: 'writing' | 'restarting';
  readonly wasActive: boolean;
  /** The start of the engine that ran with what was there. */
  readonly invocation: string;
  readonly snapshot: Snapshot;
  /** Are containers to run on, whichever configuration the engine restarts with? */
  readonly keep: boolean;
  /** Was live-restore off in the engine, and is it to be switched on? */
  readonly forget: boolean;
  /** Fingerprints of what daemon.json and the drop-in may say until the change is done or taken back. */
  readonly states: readonly string[];
  /** Is the change the undo of an earlier one? */
  readonly isUndo: boolean;
  /** The pair that is there, when the engine gets a new one. */
  readonly pair: KeptPair | null;
};

const NOTE =
  'docker-mtls is changing this engine, or was interrupted: its next run puts back what is kept here';
const LARGEST_JOURNAL = 32_000_000;

export function journalPath(config: string): string {
  return nodePath.join(nodePath.dirname(config), 'docker-mtls.change.json');
}

/** Does a change wait to be taken back, or for its way back? */
export function isInterrupted(config: string): boolean {
  return exists(journalPath(realPathOf(config)));
}

/** Brings the journal to the disk, readable by its owner alone: daemon.json may be nobody else's business. */
export function writeJournal(journal: Journal): Journal {
  const { path, ...rest } = journal;
  makeDirectory(nodePath.dirname(path));
  replaceFile(path, `${JSON.stringify({ note: NOTE, ...rest })}\n`, ownAccess(PRIVATE_FILE));
  return journal;
}

export function removeJournal({ path }: Journal): void {
  removeFile(path);
}

/** Takes a journal away that could not be brought to the disk for certain. One that stays is taken back by the next run. */
export function forgetJournal(config: string): void {
  try {
    removeUnsynced(journalPath(config));
  } catch {
    // What matters is the error that brought us here.
  }
}

/**
 * Finds an interrupted change. What it says to write is believed only for the files that a change of docker-mtls touches.
 * Throws `HOST_JOURNAL_INVALID`.
 */
export function readJournal(config: string, dropIn: string): Journal | undefined {
  const path = journalPath(config);
  const bytes = readFileIfExists(path, LARGEST_JOURNAL);
  if (bytes === undefined) return undefined;
  refuseStrangers(path);
  const journal = parse(bytes.toString('utf8'), config, dropIn);
  if (journal === undefined) throw invalid(path);
  return { path, ...journal };
}

function parse(text: string, config: string, dropIn: string): Omit<Journal, 'path'> | undefined {
  try {
    const {
      phase,
      wasActive,
      invocation,
      snapshot,
      keep,
      forget,
      isUndo = false,
      states,
      pair,
    } = JSON.parse(text) as Partial<Journal>;
    if (phase !== 'writing' && phase !== 'restarting') return undefined;
    if (typeof invocation !== 'string') return undefined;
    if (typeof wasActive !== 'boolean' || snapshot?.config !== config) return undefined;
    if (![keep, forget, isUndo].every((flag) => typeof flag === 'boolean')) return undefined;
    if (!areTexts(states)) return undefined;
    if (pair === undefined || (pair !== null && !isKeptPair(pair))) return undefined;
    const { images, missingFolders, beside } = snapshot;
    const isOurs = (path: unknown): boolean =>
      typeof path === 'string' && (path === dropIn || belongsTo(config, path));
    if (!images.every((image) => isOurs(image.path) && isImage(image))) return undefined;
    const isAbove = (folder: string): boolean =>
      [config, dropIn, ...filesOf(pair)].some((file) => file.startsWith(`${folder}/`));
    if (!missingFolders.every(isAbove) || !beside.every((name) => typeof name === 'string')) return undefined;
    const files = { images, missingFolders, config, beside };
    return {
      phase,
      wasActive,
      invocation,
      keep: keep === true,
      forget: forget === true,
      isUndo,
      states: states ?? [],
      pair,
      snapshot: files,
    };
  } catch {
    return undefined;
  }
}

function isImage({ was }: Image): boolean {
  return was === null || (typeof was.base64 === 'string' && isAccess(was));
}

function isAccess({ mode, uid, gid }: { mode: number; uid: number; gid: number }): boolean {
  return [mode, uid, gid].every((value) => Number.isSafeInteger(value) && value >= 0);
}

function filesOf(pair: KeptPair | null): readonly string[] {
  return pair === null ? [] : pair.files.map(({ path }) => path);
}

/** The engine's files may be anywhere; they are files of a pair, and the paths are plain. */
function isKeptPair({ engine, record, files }: KeptPair): boolean {
  const paths = files.map(({ path }) => path);
  const isRecord =
    record === null ||
    (isPlain(record.directory) && [record.name, record.serial].every((text) => typeof text === 'string'));
  return (
    isRecord &&
    [engine.ca, engine.certificate, engine.key].every((path) => paths.includes(path)) &&
    files.every(
      ({ path, was, beside, generation = null }) =>
        isPlain(path) &&
        (was === null || isAccess(was)) &&
        areTexts(beside) &&
        (generation === null || (typeof generation === 'string' && isGenerationName(generation))),
    )
  );
}

function isPlain(path: unknown): boolean {
  return typeof path === 'string' && nodePath.isAbsolute(path) && nodePath.normalize(path) === path;
}

function areTexts(values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => typeof value === 'string');
}

function refuseStrangers(path: string): void {
  const { uid, mode } = explained('read', path, () => fs.statSync(path));
  if (uid === process.getuid?.() && (mode & 0o022) === 0) return;
  throw invalid(path);
}

function invalid(path: string): HostError {
  return new HostError('HOST_JOURNAL_INVALID', `${path} is not a journal that docker-mtls wrote`, {
    hint: 'compare daemon.json and the drop-in with the backups next to them, then remove that file',
  });
}
