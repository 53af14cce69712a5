import fs from 'node:fs';
import nodePath from 'node:path';
import { shellWord } from '@docker-mtls/errors';
import { explained, FileError } from './file-error.ts';
import { linksOnWay } from './links-on-way.ts';
import { realPath, statIfExists } from './look.ts';
import { isSticky, isTrusted, keepsEntries, othersMayWrite } from './trust.ts';
import type { IsTrusted, Ownership } from './trust.ts';

/** A folder in or above which another user could exchange a file, and why. */
export type UnsafeFolder = { readonly folder: string; readonly reason: string; readonly hint: string };

/** Who besides root is trusted: the user at work, unless root alone is, and where it is made for them, the folder's owner. */
export type Trust = { readonly trustsOwner?: boolean; readonly rootAlone?: boolean };

function trusting({ trustsOwner = false, rootAlone = false }: Trust, owner: number): IsTrusted {
  if (rootAlone) return (uid) => uid === 0;
  return (uid) => isTrusted(uid) || (trustsOwner && uid === owner);
}

/**
 * Looks for a folder among this one and those above it that is not owned by root or the user at work, or that others may
 * write to: what sshd calls StrictModes. The folders of links that lead there count as well. A sticky folder above, such as
 * that for temporary files, is safe. What is missing of the path is to be made by the user at work.
 */
export function findUnsafeFolder(path: string, trust: Trust = {}): UnsafeFolder | undefined {
  const user = process.geteuid?.();
  // Windows has no such owners and modes.
  if (user === undefined) return undefined;
  return explained('look at', path, () => {
    const { folder, isMissing } = nearestExisting(nodePath.resolve(path));
    const stats = fs.statSync(folder);
    const isTrustedUser = trusting(trust, stats.uid);
    const atLink = findAtLinks(path, isTrustedUser);
    if (isMissing) return findAt(folder, { uid: user }, isTrustedUser) ?? atLink;
    if (!isTrustedUser(stats.uid)) return foreign(folder, stats.uid);
    if (othersMayWrite(stats, isTrustedUser)) return writable(folder, stats);
    return findAbove(folder, stats, isTrustedUser) ?? atLink;
  });
}

/** As `findUnsafeFolder`, of the folders of a file: where it is named, where it is, and those of all links between. */
export function findUnsafeFolderOf(file: string, trust: Trust = {}): UnsafeFolder | undefined {
  const named = findUnsafeFolder(nodePath.dirname(file), trust);
  if (named !== undefined || process.geteuid === undefined || statIfExists(file) === undefined) return named;
  const folder = nodePath.dirname(realPath(file));
  return explained('look at', file, () => {
    const isTrustedUser = trusting(trust, fs.statSync(nodePath.dirname(file)).uid);
    return findUnsafeFolder(folder, trust) ?? findAtLinks(file, isTrustedUser);
  });
}

/** Can others have a link on the way to a path lead elsewhere? */
function findAtLinks(path: string, isTrustedUser: IsTrusted): UnsafeFolder | undefined {
  for (const { folder, link } of linksOnWay(nodePath.resolve(path))) {
    const found = findAt(folder, link, isTrustedUser);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws `FILE_UNSAFE`, which names the folder, where `findUnsafeFolder` finds one. `what` is what is to be there. */
export function requireSafeFolders(path: string, what: string, trust: Trust = {}): void {
  refuse(findUnsafeFolder(path, trust), path, what);
}

function refuse(found: UnsafeFolder | undefined, path: string, what: string): void {
  if (found === undefined) return;
  const { folder, reason, hint } = found;
  throw new FileError('FILE_UNSAFE', `${path} is not safe for ${what}: ${reason} ${folder}`, { hint });
}

/** As `requireSafeFolders`, of a file, where it is and where links lead; one that is missing has no owner yet. */
export function requireSafeFile(path: string, what: string, trust: Trust = {}): void {
  refuse(findUnsafeFolderOf(path, trust), path, what);
  const stats = statIfExists(path);
  if (stats === undefined || process.geteuid === undefined) return;
  const real = realPath(path);
  const { uid } = fs.statSync(nodePath.dirname(real));
  const isTrustedUser = trusting(trust, uid);
  if (isTrustedUser(stats.uid) && !othersMayWrite(stats, isTrustedUser)) return;
  const reason = isTrustedUser(stats.uid) ? 'other users may write to it' : `uid ${stats.uid} owns it`;
  const [owner, word] = [trust.rootAlone === true ? 0 : process.geteuid(), shellWord(real)];
  const hint = `run: chown ${owner} ${word} && chmod go-w ${word}`;
  throw new FileError('FILE_UNSAFE', `${real} is not safe for ${what}: ${reason}`, { hint });
}

type Entry = Pick<Ownership, 'uid'>;

function findAbove(folder: string, entry: Entry, isTrustedUser: IsTrusted): UnsafeFolder | undefined {
  const above = nodePath.dirname(folder);
  return above === folder ? undefined : findAt(above, entry, isTrustedUser);
}

/** Can others exchange that entry of the folder, or the folder itself? */
function findAt(folder: string, entry: Entry, isTrustedUser: IsTrusted): UnsafeFolder | undefined {
  const stats = fs.statSync(folder);
  if (!isTrustedUser(stats.uid)) return foreign(folder, stats.uid);
  if (!keepsEntries(stats, entry, isTrustedUser)) return writable(folder, stats);
  return findAbove(folder, stats, isTrustedUser);
}

function foreign(folder: string, uid: number): UnsafeFolder {
  return {
    folder,
    reason: `another user (uid ${uid}) owns`,
    hint: 'choose a folder that only root or you can change',
  };
}

function writable(folder: string, stats: fs.Stats): UnsafeFolder {
  const choose = 'choose a folder that only root or you can change';
  return {
    folder,
    reason: 'other users may write to',
    hint: isSticky(stats) ? choose : `run: chmod go-w ${shellWord(folder)}, or ${choose}`,
  };
}

function nearestExisting(path: string): { readonly folder: string; readonly isMissing: boolean } {
  for (let folder = path; ; folder = nodePath.dirname(folder)) {
    const isThere = fs.statSync(folder, { throwIfNoEntry: false }) !== undefined;
    if (isThere || folder === nodePath.dirname(folder))
      return { folder: fs.realpathSync(folder), isMissing: folder !== path };
  }
}
