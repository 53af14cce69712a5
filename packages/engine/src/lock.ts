import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PRIVATE_FILE, explained } from '@docker-mtls/files';
import { HostError } from './host-error.ts';
import { oneLine } from './one-line.ts';

const PATIENCE_MS = 180_000;
const PAUSE_MS = 200;

type LockOptions = {
  readonly onWait: () => void;
  readonly patienceMs?: number;
  /** Nobody else may make, open or lock a file there, and the next boot finds none. */
  readonly file: string;
  /** util-linux's program. */
  readonly flock?: string;
};

/**
 * Does a piece of work while nobody else changes this machine's engine. Throws `HOST_BUSY` after three minutes,
 * `HOST_LOCK` where nothing can be locked, and `FILE_…`.
 */
export async function withHostLock<T>(
  work: () => Promise<T>,
  { onWait, patienceMs = PATIENCE_MS, file, flock = 'flock' }: LockOptions,
): Promise<T> {
  const { O_CREAT, O_RDWR, O_NOFOLLOW } = fs.constants;
  const lock = explained('lock', file, () => fs.openSync(file, O_CREAT | O_RDWR | O_NOFOLLOW, PRIVATE_FILE));
  try {
    await take(lock, { onWait, patienceMs, file, flock });
    return await work();
  } finally {
    fs.closeSync(lock);
  }
}

async function take(lock: number, options: Required<LockOptions>): Promise<void> {
  const { onWait, patienceMs } = options;
  const end = performance.now() + patienceMs;
  for (let tries = 0; !isTaken(lock, options); tries += 1) {
    if (performance.now() > end) throw busy(patienceMs);
    if (tries === 0) onWait();
    await sleep(PAUSE_MS);
  }
}

/**
 * Node has no flock(2), so util-linux's program calls it for us, on our own open file: that keeps the lock when the
 * program ends, and the kernel frees it when the file is closed, however we end. No child inherits the file.
 */
function isTaken(lock: number, { file, flock }: Required<LockOptions>): boolean {
  const { status, stderr, error } = spawnSync(flock, ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', lock],
    encoding: 'utf8',
  });
  if (status === 0) return true;
  if (status === 1 && stderr === '') return false;
  throw new HostError('HOST_LOCK', `cannot lock ${file}: ${oneLine(error?.message ?? stderr)}`, {
    hint: 'the program flock does that: it is part of util-linux',
  });
}

function busy(patienceMs: number): HostError {
  const message = `another docker-mtls has been changing this engine for ${patienceMs / 1000} s`;
  return new HostError('HOST_BUSY', message, { hint: 'wait until it is done, then run the command again' });
}
