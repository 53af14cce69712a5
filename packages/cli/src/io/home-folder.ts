import { hasCode } from '@docker-mtls/errors';
import type { Io } from './io.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** The home folder of the user who runs the command; `hint` says how to do without. */
export function homeFolder({ env }: Io, hint: string): string {
  const { HOME: home, USERPROFILE: profile } = env;
  const found = [home, profile].find((folder) => folder !== undefined && folder !== '');
  if (found === undefined) throw new UsageError('no home directory: $HOME is not set', hint);
  return found;
}

/** A service may have no home, and nothing then of what is looked for there: that is no fault. */
export function ifHome<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (hasCode(error, 'USAGE')) return undefined;
    throw error;
  }
}
