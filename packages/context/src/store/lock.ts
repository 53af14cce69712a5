import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import {
  createFile,
  explained,
  makeDirectory,
  makePrivateUnsynced,
  PRIVATE_FILE,
  removeUnsynced,
  statIfExists,
} from '@docker-mtls/files';
import { ContextError } from '../error.ts';

const LOCK = '.docker-mtls.lock';
const PATIENCE = 15_000;
/** What a lock guards takes milliseconds; one that is this old was left by a process whose number lives on. */
const FORGOTTEN_AFTER = 60_000;
const WRITTEN_WITHIN = 2_000;
const BREAKING_TAKES_AT_MOST = 5_000;

/**
 * Runs a change of Docker's configuration folder while no other of ours does; the folder is made when it is not there.
 * The Docker CLI itself takes no locks, so this does not keep it out: what it reads meanwhile is whole all the same,
 * because every file is put in place at once. A lock whose owner is dead is taken over. Code: `CONTEXT_BUSY`.
 */
export function withLock<T>(directory: string, change: () => T): T {
  makeDirectory(directory, 0o755);
  const lock = path.join(directory, LOCK);
  acquire(lock);
  try {
    return change();
  } finally {
    removeUnsynced(lock);
  }
}

function acquire(lock: string): void {
  const deadline = performance.now() + PATIENCE;
  while (!tryToTake(lock)) {
    breakIfForgotten(lock);
    if (performance.now() > deadline) throw busy(lock);
    // Two that wait for each other with one rhythm would collide for ever.
    sleep(5 + Math.random() * 20);
  }
}

function tryToTake(lock: string): boolean {
  try {
    createFile(lock, `${os.hostname()} ${process.pid}\n`, PRIVATE_FILE);
    return true;
  } catch (error) {
    if (hasCode(error, 'FILE_EXISTS')) return false;
    throw error;
  }
}

/** Two that find the same forgotten lock must not both remove it: the second would remove the first one's new lock. */
function breakIfForgotten(lock: string): void {
  if (!isForgotten(lock)) return;
  const breaking = `${lock}.breaking`;
  if (ageOf(breaking) > BREAKING_TAKES_AT_MOST) removeUnsynced(breaking);
  if (!makePrivateUnsynced(breaking)) return;
  if (isForgotten(lock)) removeUnsynced(lock);
  removeUnsynced(breaking);
}

function isForgotten(lock: string): boolean {
  const [host, pid] = ownerOf(lock);
  // Without a number it is just being written, unless a kill came before that.
  if (pid === undefined) return ageOf(lock) > WRITTEN_WITHIN;
  const isDead = host === os.hostname() && !isAlive(Number(pid));
  return isDead || ageOf(lock) > FORGOTTEN_AFTER;
}

function ownerOf(lock: string): readonly string[] {
  return explained('read', lock, () => {
    try {
      return fs.readFileSync(lock, 'utf8').trim().split(' ');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  });
}

function ageOf(file: string): number {
  const stats = statIfExists(file);
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function busy(lock: string): ContextError {
  return new ContextError(
    'CONTEXT_BUSY',
    `another docker-mtls has been changing Docker’s contexts for ${PATIENCE / 1000} seconds`,
    {
      hint: `wait for it, and run this again; if there is none, remove ${lock}`,
    },
  );
}
