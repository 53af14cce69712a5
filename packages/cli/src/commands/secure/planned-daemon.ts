import { exists } from '@docker-mtls/files';
import { hasCa } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { formatSubjectAltName } from '@docker-mtls/ca';
import { engineFiles, sanValues, planEngine } from '@docker-mtls/engine';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { configurationOrder, engineCaller } from '../../engine/engine-order.ts';
import { outFolder } from '../../pair/copy-out.ts';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { withCliSession } from '../../ca/session.ts';
import { clientsOrder } from '../../engine/cut-off-order.ts';
import type { SecureOrder } from './secure-order.ts';
import { serverPlace } from './server-home.ts';

/**
 * What daemon.json will say, planned before the server's files are there. Nothing is written. With `waits`, another
 * docker-mtls has done its work first: an engine that it restarts would look like somebody else's program on our port.
 */
export async function plannedDaemon(
  { args, io, directory, wanted, listen }: SecureOrder,
  { waits = false }: { readonly waits?: boolean } = {},
): Promise<DaemonOutcome> {
  const home = outFolder(args, io) ?? serverPlace(directory, wanted.server.name);
  const order = configurationOrder(args, io, { home, listen });
  const { ca, certificate, key } = engineFiles(order.certsDirectory);
  const areMade = [ca, certificate, key].every((file) => exists(file));
  const certificates = order.certificates === 'here' && !areMade ? 'planned' : order.certificates;
  const plan = async (reader?: StoreReader): Promise<DaemonOutcome> => {
    const names = await plannedNames(wanted.server, reader);
    const clients = await clientsOrder(args, io, { names, reader });
    return planEngine({ ...order, certificates, clients }, waits ? engineCaller(io) : undefined);
  };
  return (await hasCa(directory)) ? withCliSession(args, io, ({ reader }) => plan(reader)) : plan();
}

/** The names of the server's certificate as it will be: a new one keeps those of the one before. */
export async function plannedNames(
  { name, sans }: PairOrder,
  reader: StoreReader | undefined,
): Promise<readonly string[]> {
  const entry = await reader?.current('server', name);
  return [...sans.map(formatSubjectAltName), ...(entry === undefined ? [] : sanValues(entry.certificate()))];
}
