import { exists } from '@docker-mtls/files';
import { engineFiles, planEngine } from '@docker-mtls/engine';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { configurationOrder, engineCaller } from '../../engine/engine-order.ts';
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
  const order = configurationOrder(args, io, home);
  const { ca, certificate, key } = engineFiles(order.certsDirectory);
  const areMade = [ca, certificate, key].every((file) => exists(file));
  const certificates = order.certificates === 'here' && !areMade ? 'planned' : order.certificates;
  return planEngine({ ...order, certificates }, waits ? engineCaller(io) : undefined);
}
