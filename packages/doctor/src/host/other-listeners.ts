import { formatTcpHost } from '@docker-mtls/daemon-config';
import { fromHere, listenersAt, listeningSockets, otherEngineSockets } from '@docker-mtls/engine';
import type { ListeningSocket, RunningEngine } from '@docker-mtls/engine';
import { examineAddress } from '../address/examine-address.ts';
import type { HostOrder, ExaminedHost } from './host-order.ts';
import { strayPorts } from './listen-findings.ts';

/** Where forwarders to the local socket of an engine listen, by convention: no process of the engine holds the port. */
const USUAL: ListeningSocket = { host: '127.0.0.1', port: 2375 };

/** That port, wherever something listens at it: each address may be taken by another program. */
function usual(): readonly ListeningSocket[] {
  return [USUAL, ...listenersAt(USUAL.port).filter(({ host }) => host !== '0.0.0.0' && host !== USUAL.host)];
}

/** Ports of this machine at which an engine answers anybody, and that none of its own engines holds. */
export async function otherListeners(
  order: HostOrder,
  running: readonly RunningEngine[],
): Promise<ExaminedHost> {
  const { patienceMs, stranger, now } = order;
  const held = new Set(running.flatMap(({ pid }) => listeningSockets(pid) ?? []).map(({ port }) => port));
  const sockets = [...otherEngineSockets(running), ...usual()].filter(({ port }) => !held.has(port));
  const open = await strayPorts({ sockets, expected: new Set(), isSwarm: false, patienceMs });
  const examined = await Promise.all(
    open.map(({ host, port }) => {
      const target = { host: fromHere(host), port };
      return examineAddress({ target, subject: formatTcpHost(target), stranger, patienceMs, now });
    }),
  );
  return { found: examined.flatMap((each) => each.found), unseen: [] };
}
