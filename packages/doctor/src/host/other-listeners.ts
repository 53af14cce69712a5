import { formatTcpHost } from '@docker-mtls/daemon-config';
import { fromHere } from '@docker-mtls/engine';
import { listenersAt, listeningSockets, otherEngineSockets } from '@docker-mtls/engine/findings';
import type { RunningEngine } from '@docker-mtls/engine';
import type { ListeningSocket } from '@docker-mtls/engine/findings';
import { examineAddress } from '../address/examine-address.ts';
import { someAtOnce } from '../some-at-once.ts';
import type { HostOrder, ExaminedHost } from './host-order.ts';
import { EVERY_ADDRESS, strayPorts } from './listen-findings.ts';

/** Each has up to nine connections. */
const AT_ONCE = 16;

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
  const held = running.flatMap(({ pid }) => listeningSockets(pid) ?? []);
  const sockets = [...usual(), ...otherEngineSockets(running)].filter(
    (socket) => !held.some((each) => covers(each, socket)),
  );
  const strays = await strayPorts({ sockets, expected: new Set(), isSwarm: false, patienceMs });
  const examined = await someAtOnce(strays.open, AT_ONCE, ({ host, port }) => {
    const target = { host: fromHere(host), port };
    return examineAddress({ target, subject: formatTcpHost(target), stranger, patienceMs, now });
  });
  return { found: examined.flatMap((each) => each.found), unseen: strays.unseen };
}

/** Is a socket the same, or one for every address? */
function covers(held: ListeningSocket, { host, port }: ListeningSocket): boolean {
  return held.port === port && (held.host === host || EVERY_ADDRESS.includes(held.host));
}
