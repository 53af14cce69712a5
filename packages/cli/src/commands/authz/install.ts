import { PLUGIN_PLACES } from '@docker-mtls/engine/authorization';
import { findHolders, installAuthorization } from '@docker-mtls/secure/authorization';
import type { Holders } from '@docker-mtls/secure/authorization';
import { withCliSession } from '../../ca/session.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { engineOf } from '../../engine/engine-order.ts';
import type { Io } from '../../io/io.ts';
import { programFiles, programWords } from '../../io/program-files.ts';

/** Has this machine's engine ask docker-mtls, with a policy that names everyone who has a certificate. */
export function installAuthzAction(args: Args, io: Io): Promise<Report> {
  const admins = args.list('admin');
  if (admins.length === 0) throw new UsageError('--admin is missing', 'name who may do everything');
  return withCliSession(args, io, async (session) => {
    const engine = engineOf(args, io);
    const holders = await findHolders(session, admins);
    const role = roleOf(args, holders);
    const { policy, backup } = await installAuthorization(session, {
      engine,
      holders,
      role,
      program: programWords(io),
      programFiles: programFiles(io),
      force: args.flag('force') === true,
    });
    const { administrator, others } = holders;
    return {
      json: {
        policy: PLUGIN_PLACES.policy,
        written: policy === 'written',
        audit: PLUGIN_PLACES.audit,
        admins,
        others,
        ...(backup !== undefined && { backup }),
      },
      text: [
        `The engine asks docker-mtls about each request: it denied a probe, and served ${administrator.name}.`,
        `${policy === 'written' ? 'Wrote' : 'Kept'} ${PLUGIN_PLACES.policy}; the audit log is in ${PLUGIN_PLACES.audit}.`,
        'Undo it with docker-mtls authz uninstall.\n',
      ].join('\n'),
    };
  });
}

function roleOf(args: Args, { others }: Holders): string | undefined {
  const role = args.text('others');
  if (others.length === 0 || role !== undefined) return role;
  throw new UsageError(
    `${others.length} other clients have valid certificates: ${others.slice(0, 20).join(', ')}`,
    'say with --others which role they get, such as viewer, or name them with --admin',
  );
}
