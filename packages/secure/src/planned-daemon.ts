import type { PairOrder } from '@docker-mtls/authority';
import { formatSubjectAltName } from '@docker-mtls/ca';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { engineFiles, planEngine, sanValues } from '@docker-mtls/engine';
import type { DaemonOutcome, EngineCaller } from '@docker-mtls/engine';
import { exists } from '@docker-mtls/files';
import { clientsOrder } from './engine/cut-off-order.ts';
import { configurationOrder } from './engine/engine-order.ts';
import type { SecureOrder } from './order.ts';
import { serverPlace } from './server-home.ts';

/**
 * What daemon.json will say, planned before the server's files are there. Nothing is written. With a caller, another
 * docker-mtls has done its work first: an engine that it restarts would look like somebody else's program on our port.
 */
export async function plannedDaemon(
  { access, server, engine, out }: SecureOrder,
  reader: StoreReader | undefined,
  waiting: EngineCaller | undefined,
): Promise<DaemonOutcome> {
  const order = configurationOrder(engine, out ?? serverPlace(access.directory, server.name));
  const { ca, certificate, key } = engineFiles(order.certsDirectory);
  const areMade = [ca, certificate, key].every((file) => exists(file));
  const certificates = order.certificates === 'here' && !areMade ? 'planned' : order.certificates;
  const cutOff = { insistence: engine.cutOff, reader, now: access.caller.now() };
  const clients = await clientsOrder(cutOff, await plannedNames(server, reader));
  return planEngine({ ...order, certificates, clients }, waiting);
}

/** The names of the server's certificate as it will be: a new one keeps those of the one before. */
export async function plannedNames(
  { name, sans }: PairOrder,
  reader: StoreReader | undefined,
): Promise<readonly string[]> {
  const entry = await reader?.current('server', name);
  return [...sans.map(formatSubjectAltName), ...(entry === undefined ? [] : sanValues(entry.certificate()))];
}
