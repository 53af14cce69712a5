import { isMtlsError, MtlsError } from '@docker-mtls/errors';
import { AuthzError } from '../error.ts';
import { readOwnFile, stateOf } from './read-own-file.ts';
import type { FileState } from './read-own-file.ts';

/** Who writes a file in several steps is given this long between two of them. */
export const SETTLED_AFTER_MS = 200;

export type WatchOrder<T> = {
  readonly file: string;
  /** In bytes. */
  readonly limit: number;
  /** Throws for what cannot be used. Called with the whole content. */
  readonly parse: (bytes: Buffer) => T;
  /** What holds where there is no file. Without it, a missing file is a problem. */
  readonly absent?: T;
};

/** A file whose last valid content stays in force, whatever becomes of it. */
export type WatchedFile<T> = {
  /** Undefined until the first valid content came. */
  readonly value: () => T | undefined;
  /** Why what is there now is not in force. */
  readonly problem: () => Error | undefined;
  /** Looks at the file; true if other content is in force now. `now` is in milliseconds of a clock that is never set. */
  readonly look: (now: number) => boolean;
  /** Has what is there now been read, or refused? */
  readonly isSettled: () => boolean;
  /** Has the content read again at the next look, because it is to be judged by other things now. */
  readonly again: () => void;
};

/**
 * Follows a file. Content is read once it has not changed for 200 ms; it is in force when it can be trusted and parsed. A file that
 * was there and goes missing changes nothing.
 */
export function watchedFile<T>({ file, limit, parse, absent }: WatchOrder<T>): WatchedFile<T> {
  let value: T | undefined;
  let problem: Error | undefined;
  let done: FileState | undefined;
  let seen: { readonly state: FileState; readonly since: number } | undefined;

  const load = (state: FileState): boolean => {
    done = state;
    try {
      const next = state === 'missing' ? missing(file, value, absent) : parse(readOwnFile(file, limit));
      // Written to meanwhile: it will be looked at again.
      if (stateOf(file) !== state) return false;
      const isNew = next !== value;
      value = next;
      problem = undefined;
      return isNew;
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
    look: (now) => {
      const state = stateOf(file);
      if (seen?.state !== state) seen = { state, since: now };
      return state !== done && now - seen.since >= SETTLED_AFTER_MS ? load(state) : false;
    },
  };
}

/** What was in force is not given up because its file is gone. */
function missing<T>(file: string, value: T | undefined, absent: T | undefined): T {
  if (value === absent && absent !== undefined) return absent;
  if (value === undefined && absent !== undefined) return absent;
  throw new AuthzError('AUTHZ_FILE_UNSAFE', `${file} is missing`, { hint: 'Put it back.' });
}

/** A parser knows the place in the text, and not the file. */
function about(file: string, error: unknown): Error {
  if (!isMtlsError(error) || error.message.includes(file))
    return error instanceof Error ? error : new Error(String(error));
  const { code, message, hint } = error;
  return new MtlsError(code, `${file}: ${message}`, { ...(hint !== undefined && { hint }), cause: error });
}
