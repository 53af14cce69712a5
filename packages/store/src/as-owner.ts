import fs from 'node:fs';
import os from 'node:os';
import { hasCode } from '@docker-mtls/errors';
import { explainFileError, explained } from '@docker-mtls/files';
import { actAs } from './act-as.ts';
import type { Owner } from './act-as.ts';
import { StoreError } from './error.ts';
import { loadSqlite } from './open-sqlite.ts';

/**
 * Opens a CA directory. Where we are root and it is somebody else's, that and all that is done with what was opened is
 * done with the rights of its owner: so what is made belongs to them, and they cannot have root write, remove or read
 * for them what they may not (a link in the place of a folder would do, or a journal of SQLite's that names another
 * file). Code: `STORE_UNSAFE`, where root may not act as that user, or they cannot reach the directory.
 */
export function asOwner<Opened extends object>(directory: string, open: () => Opened): Opened {
  const owner = otherOwner(directory);
  if (owner === undefined) return open();
  // The program itself may be root's alone to read.
  loadSqlite();
  const user = userOf(directory, owner);
  return methodsAs(user, actAs(user, open));
}

/** Reads in a CA directory with the same rights. Codes: `STORE_UNSAFE`, and what `read` throws. */
export function readAsOwner<T>(directory: string, read: () => T): T {
  const owner = otherOwner(directory);
  return owner === undefined ? read() : actAs(userOf(directory, owner), read);
}

/** The owner of what is at a path, if we are root and they are not. */
function otherOwner(path: string): Owner | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const stats = explained('look at', path, () => fs.lstatSync(path, { throwIfNoEntry: false }));
  return stats === undefined || stats.uid === 0 ? undefined : { uid: stats.uid, gid: stats.gid };
}

/** Who that is for the system. They must be able to reach the directory, and root to act as them. */
function userOf(directory: string, owner: Owner): Owner {
  try {
    const user = { uid: owner.uid, gid: actAs(owner, primaryGroup) ?? owner.gid };
    actAs(user, () => fs.lstatSync(directory));
    return user;
  } catch (error) {
    if (hasCode(error, 'EACCES')) throw unreachable(directory, owner, error);
    if (hasCode(error, 'EPERM') || hasCode(error, 'EINVAL')) throw notAllowed(directory, owner, error);
    throw explainFileError(error, 'look at', directory);
  }
}

/** A directory may have its group from the one above, of which its owner is no member. Many users of containers have no name. */
function primaryGroup(): number | undefined {
  try {
    return os.userInfo().gid;
  } catch {
    return undefined;
  }
}

function unreachable(directory: string, { uid }: Owner, cause: unknown): StoreError {
  const message = `${directory} belongs to another user (uid ${uid}), who may not enter the folders above it`;
  return new StoreError('STORE_UNSAFE', message, {
    hint: `if it is to be root's: chown -R 0:0 ${directory}`,
    cause,
  });
}

function notAllowed(directory: string, { uid }: Owner, cause: unknown): StoreError {
  const message = `${directory} belongs to another user (uid ${uid}), and root may not act as that user here`;
  return new StoreError('STORE_UNSAFE', message, {
    hint: `run as that user (in a container: --user ${uid}), or with the capabilities SETUID and SETGID`,
    cause,
  });
}

function methodsAs<Opened extends object>(owner: Owner, opened: Opened): Opened {
  const members = Object.entries(opened).map(([name, member]) => [
    name,
    typeof member === 'function'
      ? (...words: unknown[]): unknown => actAs(owner, () => member(...words))
      : member,
  ]);
  return Object.fromEntries(members) as Opened;
}
