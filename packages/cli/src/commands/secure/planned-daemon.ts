import { configureDaemon, daemonOrder } from '../../engine/configure-daemon.ts';
import type { DaemonOutcome } from '../../engine/daemon-outcome.ts';
import { outFolder } from '../../pair/copy-out.ts';
import type { SecureOrder } from './secure-order.ts';
import { serverPlace } from './server-home.ts';

/**
 * What daemon.json will say, planned before the server's files are there. Nothing is written. With `waits`, another
 * docker-mtls has done its work first: an engine that it restarts would look like somebody else's program on our port.
 */
export function plannedDaemon(
  { args, io, directory, wanted }: SecureOrder,
  { waits = false }: { readonly waits?: boolean } = {},
): Promise<DaemonOutcome> {
  const home = outFolder(args, io) ?? serverPlace(directory, wanted.server.name);
  return configureDaemon({ ...daemonOrder(args, io, home), filesAreHere: false, dryRun: true, waits }, io);
}
