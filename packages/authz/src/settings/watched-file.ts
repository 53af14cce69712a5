import fs from 'node:fs';
import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { readOwnFile, fileStateOf } from './read-own-file.ts';
import type { FileState } from './read-own-file.ts';

/** Who writes a file in several steps is given this long between two of them. */
export const SETTLED_AFTER_MS = 200;

export type WatchOrder<T> = {
  readonly file: string;
  /** In bytes. */
  readonly limit: number;
  /** Rejects what cannot be used. Called with the whole content. */
  readonly parse: (bytes: Buffer) => Promise<T>;
  /** What is in force until the first valid content comes. Without it, there has to be a file. */
  readonly initial?: T;
  /** There may be no file until the first one comes: that is no problem to report. */
  readonly mayBeMissing?: boolean;
};

/** A file whose last valid content stays in force, whatever becomes of it. */
export type WatchedFile<T> = {
  /** Undefined until the first valid content came. */
  readonly value: () => T | undefined;
  /** Why what is there now is not in force. */
  readonly problem: () => Error | undefined;
  /**
   * Looks at the file, once the look before has ended; true if other content is in force now. `now` is in milliseconds of a clock that
   * is never set.
   */
  readonly look: (now: number) => Promise<boolean>;
  /** Has what is there now been read, or refused? */
  readonly isSettled: () => boolean;
  /** Has the content read again at the next look, because it is to be judged by other things now. */
  readonly again: () => void;
};

/**
 * Follows a file. Content is read once it has not changed for 200 ms; it is in force when it can be trusted and parsed. A file that
 * was there and goes missing changes nothing.
 */
export function watchedFile<T>({
  file,
  limit,
  parse,
  initial,
  mayBeMissing = false,
}: WatchOrder<T>): WatchedFile<T> {
  let value = initial;
  let wasThere = !mayBeMissing;
  let problem: Error | undefined;
  let done: FileState | undefined;
  let seen: { readonly state: FileState; readonly since: number } | undefined;

  const load = async (state: FileState): Promise<boolean> => {
    done = state;
    try {
      problem = undefined;
      if (state === 'missing' && !wasThere) return false;
      const next = await parse(readOwnFile(file, limit));
      // Written to meanwhile: it will be looked at again.
      if (fileStateOf(file) !== state) return false;
      value = next;
      wasThere = true;
      return true;
    } catch (error) {
      problem = about(file, error);
      return false;
    }
  };
  return {
    value: () => value,
    problem: () => problem,
    isSettled: () => done !== undefined && seen?.state === done,
    again: () => (done = undefined),
    look: async (now) => {
      const state = fileStateOf(file);
      if (seen === undefined && isOld(file)) seen = { state, since: now - SETTLED_AFTER_MS };
      else if (seen?.state !== state) seen = { state, since: now };
      return state !== done && now - seen.since >= SETTLED_AFTER_MS ? load(state) : false;
    },
  };
}

/** A parser knows the place in the text, and not the file. */
function about(file: string, error: unknown): Error {
  if (!isMtlsError(error) || error.message.includes(file))
    return error instanceof Error ? error : new Error(String(error));
  const { code, message, hint } = error;
  return new MtlsError(code, `${file}: ${message}`, { ...(hint !== undefined && { hint }), cause: error });
}

/** At the first look: has it been as it is for long enough? The kernel sets this time, and no program can. */
function isOld(file: string): boolean {
  const changedAt = fs.statSync(file, { throwIfNoEntry: false })?.ctimeMs;
  return changedAt === undefined || Date.now() - changedAt >= SETTLED_AFTER_MS;
}
