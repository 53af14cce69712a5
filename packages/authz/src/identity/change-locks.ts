import path from 'node:path';
import { readFileIfExists, replaceFile, PUBLIC_FILE, requireSafeFile, withLock } from '@docker-mtls/files';
import { AuthzError } from '../error.ts';
import { formatLocks, parseLocks } from './locks.ts';
import type { Lock } from './locks.ts';

export type NewLock = Omit<Lock, 'id'>;

/** The locks of the engine whose policy this is, in a file of their own next to it. */
export function locksFile(policy: string): string {
  return path.join(path.dirname(policy), 'locks.json');
}

/** In the order in which they were added; none where there is no file. `AUTHZ_LOCKS_INVALID`. */
export function readLocks(file: string): readonly Lock[] {
  const bytes = readFileIfExists(file);
  return bytes === undefined ? [] : parseLocks(bytes.toString('utf8'));
}

export function addLock(file: string, lock: NewLock): Lock {
  return change(file, (locks) => {
    const added = { ...lock, id: newId(locks) };
    return [[...locks, added], added];
  });
}

/** `AUTHZ_LOCK_NOT_FOUND`. The file stays, without locks if need be: one that is missing changes nothing at the plugin. */
export function removeLock(file: string, id: string): Lock {
  return change(file, (locks) => {
    const removed = locks.find((lock) => lock.id === id);
    if (removed === undefined) {
      throw new AuthzError('AUTHZ_LOCK_NOT_FOUND', `no lock has the id ${JSON.stringify(id)}`, {
        hint: 'run docker-mtls authz lock list for the ids',
      });
    }
    return [locks.filter((lock) => lock !== removed), removed];
  });
}

function change<T>(file: string, work: (locks: readonly Lock[]) => readonly [readonly Lock[], T]): T {
  requireSafeFile(file, 'the locks');
  return withLock(`${file}.lock`, { patienceMs: 10_000, forgottenAfterMs: 10_000, busy }, () => {
    const [locks, result] = work(readLocks(file));
    replaceFile(file, formatLocks(locks), PUBLIC_FILE);
    return result;
  });
}

/** One more than any, as people count. */
function newId(locks: readonly Lock[]): string {
  return String(Math.max(0, ...locks.map(({ id }) => Number(id))) + 1);
}

function busy(): AuthzError {
  return new AuthzError('AUTHZ_LOCKS_INVALID', 'another command is changing the locks', {
    hint: 'try again',
  });
}
