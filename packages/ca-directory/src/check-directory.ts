import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode, shellWord } from '@docker-mtls/errors';
import { explained, namesIn } from '@docker-mtls/files';
import { StoreError } from './error.ts';
import type { Layout } from './layout.ts';
import { requireOwn } from './require-own.ts';

const GROUP_AND_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Refuses a place that somebody else could change under us. `false`: there is nothing at the path.
 * Codes: `CA_DIRECTORY_NOT_A_DIRECTORY`, `CA_DIRECTORY_UNSAFE`.
 */
export function checkDirectory(path: string): boolean {
  const stats = statIfExists(path, fs.lstatSync);
  if (stats === undefined) return false;
  if (stats.isSymbolicLink()) throw symbolicLink(path);
  if (!stats.isDirectory()) {
    throw new StoreError('CA_DIRECTORY_NOT_A_DIRECTORY', `${path} is not a directory`, {
      hint: 'name a directory with --ca-dir',
    });
  }
  checkOwner(path, stats.uid);
  refuseMode(path, stats, { forbidden: WRITABLE_BY_OTHERS, why: 'others may write to it', wanted: '700' });
  return true;
}

/** The registry is the truth about certificates: it must belong to the user, and only the user may write it. */
export function checkRegistryFile(path: string): boolean {
  const stats = statIfExists(path, fs.lstatSync);
  if (stats === undefined) return false;
  if (!stats.isFile()) {
    throw new StoreError('CA_DIRECTORY_UNSAFE', `${path} is not a regular file`, {
      hint: 'put the registry itself there, not a link to it',
    });
  }
  refuseMode(path, stats, { forbidden: WRITABLE_BY_OTHERS, why: 'others may write to it', wanted: '600' });
  return true;
}

/** A key that others could read is not used: it must be taken for known. Code: `CA_DIRECTORY_UNSAFE`. */
export function checkPrivateKey(layout: Layout): void {
  const keys = namesIn(layout.private).map((name) => nodePath.join(layout.private, name));
  for (const [path, wanted] of [
    [layout.private, '700'] as const,
    ...keys.map((key) => [key, '600'] as const),
  ]) {
    requireOwn(layout, path);
    const stats = statIfExists(path, fs.statSync);
    if (stats === undefined) continue;
    refuseMode(path, stats, { forbidden: GROUP_AND_OTHERS, why: 'others may get at the CA key', wanted });
  }
}

function statIfExists(path: string, stat: (path: string) => fs.Stats): fs.Stats | undefined {
  try {
    return explained('look at', path, () => stat(path));
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return undefined;
    throw error;
  }
}

function symbolicLink(path: string): StoreError {
  return new StoreError('CA_DIRECTORY_UNSAFE', `${path} is a symbolic link`, {
    hint: `name the directory itself: --ca-dir ${realPath(path)}`,
  });
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return 'DIRECTORY';
  }
}

function checkOwner(path: string, owner: number): void {
  const user = process.geteuid?.();
  // Root may look at another user's: see `readStore`.
  if (user === undefined || user === 0 || owner === user) return;
  throw new StoreError('CA_DIRECTORY_UNSAFE', `${path} belongs to another user (uid ${owner})`, {
    hint: 'run as its owner, or choose another CA directory',
  });
}

type ModeRule = { readonly forbidden: number; readonly why: string; readonly wanted: string };

function refuseMode(path: string, stats: fs.Stats, { forbidden, why, wanted }: ModeRule): void {
  // Windows has no such bits: what Node shows there is made up.
  if (process.platform === 'win32' || (stats.mode & forbidden) === 0) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  throw new StoreError('CA_DIRECTORY_UNSAFE', `${path} has mode ${mode}: ${why}`, {
    hint: `chmod ${wanted} ${shellWord(path)}`,
  });
}
