import { undoDaemonConfig } from '@docker-mtls/daemon-config';
import { MtlsError } from '@docker-mtls/errors';
import type { Entry, StoreReader } from '@docker-mtls/store';
import type { Args } from '../../args.ts';
import type { Report } from '../../command.ts';
import { configureDaemon, daemonConfigFile, daemonOrder } from '../../configure-daemon.ts';
import { folderOf, requireCurrent } from '../../current-entry.ts';
import { daemonJson, daemonText } from '../../daemon-report.ts';
import type { Io } from '../../io.ts';
import { serverNameOf } from '../../order.ts';
import { withSession } from '../../session.ts';

/** Merges mutual TLS into daemon.json, or takes the newest such change back. */
export function run(args: Args, io: Io): Promise<Report> {
  if (args.text('action') === 'undo' || args.flag('undo') === true) return undo(args, io);
  return withSession(args, io, async ({ reader }) => {
    const server = serverOf(args, reader);
    const outcome = await configureDaemon(daemonOrder(args, io, homeOf(args, server)), io);
    const next = outcome.written ? 'next: restart the engine, for example: systemctl restart docker\n' : '';
    return { json: daemonJson(outcome), text: daemonText(outcome) + next };
  });
}

/** Whoever names the folder as the engine sees it may have moved the files there. */
function homeOf(args: Args, server: Entry): string {
  return args.text('certs-dir') === undefined ? folderOf(server) : (server.directory ?? '');
}

async function undo(args: Args, io: Io): Promise<Report> {
  const undone = undoDaemonConfig(daemonConfigFile(args, io), {
    now: io.now(),
    force: args.flag('force') === true,
  });
  const kept = undone.setAside === undefined ? '' : `  what it said is kept in ${undone.setAside}\n`;
  return { json: undone, text: `${TITLES[undone.outcome](undone.path)}\n${kept}` };
}

const TITLES = {
  restored: (path: string) => `Put ${path} back as it was before the change`,
  removed: (path: string) => `Removed ${path}: there was none before the change`,
  already: (path: string) => `${path} is already as it was before the change`,
} as const;

/** The server that was named, or the only one there is: with several, choosing one would be a guess. */
function serverOf(args: Args, reader: StoreReader): Entry {
  const named = args.text('server');
  if (named !== undefined) return requireCurrent(reader, 'server', serverNameOf(named));
  const servers = reader.entries({ kind: 'server' });
  const [only] = servers;
  if (only !== undefined && servers.length === 1) return only;
  const message =
    servers.length === 0 ? 'no server pair was issued yet' : `there are ${servers.length} servers`;
  const names = servers.map(({ name }) => name).join(', ');
  const hint = servers.length === 0 ? 'docker-mtls issue-server NAME' : `name one with --server: ${names}`;
  throw new MtlsError('SERVER_UNCLEAR', message, { hint });
}
