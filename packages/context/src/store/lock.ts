import path from 'node:path';
import { makeDirectory, withLock as withFileLock } from '@docker-mtls/files';
import { ContextError } from '../error.ts';

const LOCK = '.docker-mtls.lock';
const PATIENCE = 15_000;
/** What the lock guards takes milliseconds. */
const FORGOTTEN_AFTER = 10_000;

/**
 * Runs a change of Docker's configuration folder while no other docker-mtls does; the folder is made when it is missing.
 * The Docker CLI itself takes no locks, so this does not keep it out: what it reads meanwhile is complete all the same,
 * because every file is put in place at once. Code: `CONTEXT_BUSY`.
 */
export function withContextLock<T>(directory: string, change: () => T): T {
  makeDirectory(directory);
  const lock = path.join(directory, LOCK);
  const options = { patienceMs: PATIENCE, forgottenAfterMs: FORGOTTEN_AFTER, busy: () => busy(lock) };
  return withFileLock(lock, options, change);
}

function busy(lock: string): ContextError {
  return new ContextError(
    'CONTEXT_BUSY',
    `another docker-mtls has been changing Docker's contexts for ${PATIENCE / 1000} seconds`,
    {
      hint: `wait for it, and run this again; if there is none, remove ${lock}`,
    },
  );
}
