import { configureDaemon, daemonOrder } from '../../configure-daemon.ts';
import type { DaemonOutcome } from '../../configure-daemon.ts';
import { outFolder } from '../../copy-out.ts';
import type { SecureOrder } from './apply.ts';
import { serverPlace } from './server-home.ts';

/** What daemon.json will say, planned before the server's files are there. Nothing is written. */
export function plannedDaemon({ args, io, directory, wanted }: SecureOrder): Promise<DaemonOutcome> {
  const home = outFolder(args, io) ?? serverPlace(directory, wanted.server.name);
  return configureDaemon({ ...daemonOrder(args, io, home), filesAreHere: false, dryRun: true }, io);
}
