import { withSession as openSession } from '@docker-mtls/authority';
import type { Access, Session as AuthoritySession } from '@docker-mtls/authority';
import { hasCode } from '@docker-mtls/errors';
import type { Args } from '../command-line/args.ts';
import { callerOf } from '../io/caller.ts';
import type { Io } from '../io/io.ts';
import { caDirectory } from './ca-directory.ts';
import { passphraseToUnlock } from './passphrase.ts';

/** An opened CA directory, together with the command's surroundings. */
export type CliSession = AuthoritySession & { readonly io: Io };

/** Opens the CA directory that the command line names, works with it, and closes it whatever happens. */
export async function withCliSession<T>(
  args: Args,
  io: Io,
  work: (session: CliSession) => Promise<T>,
): Promise<T> {
  try {
    return await openSession(caAccess(args, io), (session) => work({ ...session, io }));
  } catch (error) {
    if (hasCode(error, 'CA_DIRECTORY_NOT_FOUND')) await requireRootToApply(args, io);
    throw error;
  }
}

/** The CA that is not found may be root's. */
async function requireRootToApply(args: Args, io: Io): Promise<void> {
  if (args.flag('apply') !== true || args.flag('dry-run') === true) return;
  const { requireRootFor } = await import('../commands/code/engine.ts');
  requireRootFor(args, io);
}

/** The CA directory that the command line names, and where its passphrase comes from. */
export function caAccess(args: Args, io: Io, directory: string = caDirectory(args, io)): Access {
  return {
    directory,
    caller: callerOf(io),
    unlock: () => passphraseToUnlock(args, io),
  };
}
