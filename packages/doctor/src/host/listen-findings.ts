import { askAnyone } from '@docker-mtls/proof/ask-once';
import { counted } from '@docker-mtls/text';
import { fromHere } from '@docker-mtls/engine';
import type { ListeningSocket } from '@docker-mtls/engine/findings';
import { isFromEngine } from '../address/probes.ts';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { someAtOnce } from '../some-at-once.ts';

const SWARM_PORTS: readonly number[] = [2377, 7946];
/** What listens there takes connections to any address of the machine. */
export const EVERY_ADDRESS: readonly string[] = ['0.0.0.0', '::'];

export type ListenOrder = {
  /** What the process listens on. */
  readonly sockets: readonly ListeningSocket[];
  /** Ports of what the configuration names, and of what has its own finding. */
  readonly expected: ReadonlySet<number>;
  readonly isSwarm: boolean;
  readonly patienceMs: number;
};

/** Any user may have a process that listens at thousands of ports, and is called dockerd. */
const MOST_PORTS = 128;

/** Each is asked over two connections. */
const AT_ONCE = 32;

export type StrayPorts = {
  readonly open: readonly ListeningSocket[];
  /** What could not be found out. */
  readonly unseen: readonly string[];
};

/** Ports of the engine's process that no file names; a container's published ports may be among them. */
export async function strayPorts(order: ListenOrder): Promise<StrayPorts> {
  const { sockets, expected, isSwarm, patienceMs } = order;
  const unknown = sockets.filter(
    ({ port }) => !expected.has(port) && !(isSwarm && SWARM_PORTS.includes(port)),
  );
  const asked = await someAtOnce(unknown.slice(0, MOST_PORTS), AT_ONCE, async (socket) => {
    const target = { host: fromHere(socket.host), port: socket.port };
    const answers = await Promise.all([
      askAnyone(target, undefined, patienceMs),
      askAnyone(target, { name: target.host }, patienceMs),
    ]);
    return answers.some(isFromEngine) ? [socket] : [];
  });
  const left = unknown.length - asked.length;
  return {
    open: asked.flat(),
    unseen: left > 0 ? [`${counted(left, 'more port', 'more ports')} of what is called an engine`] : [],
  };
}

/** The ports of swarm mode have mutual TLS of their own, and are for its nodes alone. */
export function swarmFindings(subject: string, { sockets, isSwarm }: ListenOrder): readonly FoundFinding[] {
  const open = sockets.filter(({ host, port }) => SWARM_PORTS.includes(port) && EVERY_ADDRESS.includes(host));
  if (!isSwarm || open.length === 0) return [];
  const ports = [...new Set(open.map(({ port }) => port))];
  const listen = ports.length === 1 ? `port ${ports[0]} listens` : `ports ${ports.join(' and ')} listen`;
  return [found('listeners', 'swarm-port-open', { subject, message: `${listen} on every address` })];
}

/** A port that is named, and that the running engine does not have. */
export function unseenPortFindings(
  subject: string,
  named: readonly ListeningSocket[],
  sockets: readonly ListeningSocket[],
): readonly FoundFinding[] {
  const ports = new Set(sockets.map(({ port }) => port));
  return named
    .filter(({ port }) => !ports.has(port))
    .map(({ host, port }) =>
      found('host', 'port-unseen', {
        subject,
        message: `${host}:${port} is named, and nothing of the engine has it`,
      }),
    );
}
