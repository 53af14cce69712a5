import fs from 'node:fs';
import { parseDaemonConfig, readHosts } from '@docker-mtls/daemon-config';
import type { HostUnit } from './host-unit.ts';

const NO_PATH = '/var/run/docker.sock';

/** The path of the socket that the engine serves this machine on, as daemon.json and the unit have it together. */
export function localSocket({ command, socket, scope }: HostUnit, config: string): string {
  for (const host of [...hostsIn(config), ...command.hosts]) {
    if (host.startsWith('unix://')) return host.slice('unix://'.length) || NO_PATH;
    if (host.startsWith('fd://')) return socket?.path ?? scope.socket;
  }
  return scope.socket;
}

/** What the file says of hosts; nothing when the engine could not read it either. */
export function hostsIn(config: string): readonly string[] {
  try {
    return readHosts(parseDaemonConfig(fs.readFileSync(config)));
  } catch {
    return [];
  }
}
