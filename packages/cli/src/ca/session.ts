import { withSession as openSession } from '@docker-mtls/authority';
import type { Session as AuthoritySession } from '@docker-mtls/authority';
import type { Authority } from '@docker-mtls/ca';
import type { Args } from '../command-line/args.ts';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { caDirectory } from './ca-directory.ts';
import { passphraseToUnlock } from './passphrase.ts';

/** An opened CA directory, together with the command's surroundings. */
export type CliSession = AuthoritySession & { readonly io: Io };

/**
 * Opens the CA directory that the command line names, works with it, and closes it whatever happens. `made` is its CA
 * where this run has just made it.
 */
export function withCliSession<T>(
  args: Args,
  io: Io,
  work: (session: CliSession) => Promise<T>,
  made?: Authority,
): Promise<T> {
  const access = {
    directory: caDirectory(args, io),
    caller: callerOf(io),
    unlock: () => passphraseToUnlock(args, io),
    made,
  };
  return openSession(access, (session) => work({ ...session, io }));
}
