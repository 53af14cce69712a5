import { withSession as openSession } from '@docker-mtls/authority';
import type { Access, Session as AuthoritySession } from '@docker-mtls/authority';
import type { Args } from '../command-line/args.ts';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { caDirectory } from './ca-directory.ts';
import { passphraseToUnlock } from './passphrase.ts';

/** An opened CA directory, together with the command's surroundings. */
export type CliSession = AuthoritySession & { readonly io: Io };

/** Opens the CA directory that the command line names, works with it, and closes it whatever happens. */
export function withCliSession<T>(args: Args, io: Io, work: (session: CliSession) => Promise<T>): Promise<T> {
  return openSession(caAccess(args, io), (session) => work({ ...session, io }));
}

/** The CA directory that the command line names, and where its passphrase comes from. */
export function caAccess(args: Args, io: Io, directory: string = caDirectory(args, io)): Access {
  return {
    directory,
    caller: callerOf(io),
    unlock: () => passphraseToUnlock(args, io),
  };
}
