import { randomBytes } from 'node:crypto';
import { hasCode } from '@docker-mtls/errors';
import { createFile, PRIVATE_FILE } from './create-file.ts';
import { readFileIfExists } from './read-file.ts';
import { removeUnsynced } from './remove-file.ts';
import { ownWriter, writerState } from './writer.ts';

export type LockOptions = {
  /** How long a process that holds the lock is waited for. */
  readonly patienceMs: number;
  /** What is thrown then. */
  readonly busy: () => Error;
  /**
   * What the lock guards never takes so long. One that stays the same meanwhile is taken over if this process cannot
   * see its owner: on another machine, in another container, of an earlier release.
   */
  readonly forgottenAfterMs: number;
};

/**
 * Does a piece of work while no other process holds the lock at that path. The lock of a process that has ended is
 * taken over. No clock that can be set decides, nor a number that two containers may give to two processes.
 */
export function withLock<T>(path: string, options: LockOptions, work: () => T): T {
  const own = acquire(path, options);
  try {
    return work();
  } finally {
    if (read(path) === own) removeUnsynced(path);
  }
}

function acquire(path: string, { patienceMs, busy, forgottenAfterMs }: LockOptions): string {
  const end = performance.now() + patienceMs;
  const isForgotten = watcher(forgottenAfterMs);
  for (;;) {
    const own = tryToTake(path);
    if (own !== undefined) return own;
    takeOver(path, isForgotten);
    if (performance.now() > end) throw busy();
    // Two that wait for each other in one rhythm would collide for ever.
    sleep(5 + Math.random() * 20);
  }
}

/** Each lock has a content of its own, so that it can be told from a later one of the same process. */
function tryToTake(path: string): string | undefined {
  const own = `${ownWriter()} ${randomBytes(8).toString('hex')}\n`;
  try {
    createFile(path, own, PRIVATE_FILE);
    return own;
  } catch (error) {
    if (hasCode(error, 'FILE_EXISTS')) return undefined;
    throw error;
  }
}

type IsForgotten = (path: string, content: string) => boolean;

/**
 * Removes a lock that its owner has left. Two that find the same one must not both remove it: the second would remove
 * the first one's new lock. So the right to remove it is a lock as well, named by the content of the one in question.
 */
function takeOver(path: string, isForgotten: IsForgotten): void {
  const content = read(path);
  if (content === undefined || !isForgotten(path, content)) return;
  const right = `${path}.${/ ([\da-f]{16})\n$/.exec(content)?.[1] ?? 'unknown'}`;
  if (tryToTake(right) === undefined) return takeOver(right, isForgotten);
  if (read(path) === content) removeUnsynced(path);
  removeUnsynced(right);
}

/** Of an owner that this process cannot see, it has to notice itself that the lock stays the same. */
function watcher(forgottenAfterMs: number): IsForgotten {
  const seen = new Map<string, { readonly content: string; readonly since: number }>();
  return (path, content) => {
    const [word = ''] = content.split(' ');
    const state = writerState(word);
    if (state !== 'elsewhere') return state === 'ended';
    const before = seen.get(path);
    if (before?.content === content) return performance.now() - before.since > forgottenAfterMs;
    seen.set(path, { content, since: performance.now() });
    return false;
  };
}

function read(path: string): string | undefined {
  return readFileIfExists(path)?.toString('latin1');
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
