import { openHosts, parseDaemonConfig, parseListenHost, readDaemonConfig } from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument } from '@docker-mtls/daemon-config';
import type { Door, Doors } from './engine-api.ts';
import { fromHere } from './from-here.ts';
import type { HostService } from './host-unit.ts';

const NO_PATH = '/var/run/docker.sock';

/**
 * Where this machine asks the engine, as daemon.json and the unit have it together: the local socket, unless it listens
 * on the network alone; and both where only the engine itself knows.
 */
export function engineDoors(unit: HostService, config: string): Doors {
  return openHosts(documentIn(config), unit.command).map((hosts) => doorAmong(hosts, unit));
}

function doorAmong(hosts: readonly string[], { socket, scope }: HostService): Door {
  for (const host of hosts) {
    if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) || NO_PATH };
    if (host.startsWith('fd://')) return { socketPath: socket?.path ?? scope.socket };
  }
  // What a rootless engine listens on is in a network of its own.
  const [door] = scope.isRootless ? [] : hosts.flatMap(networkDoor);
  return door ?? { socketPath: scope.socket };
}

function networkDoor(text: string): readonly Door[] {
  const parsed = parseListenHost(text);
  if (parsed?.kind !== 'tcp') return [];
  const { host, port } = parsed.address;
  return [{ host: fromHere(host), port }];
}

/** What the file says; nothing when the engine could not read it either. */
function documentIn(config: string): DaemonConfigDocument {
  try {
    return parseDaemonConfig(readDaemonConfig(config));
  } catch {
    return parseDaemonConfig(undefined);
  }
}
