import { parseDaemonConfig, readDaemonConfig, readHosts } from '@docker-mtls/daemon-config';
import { LISTEN } from '../../configure-daemon.ts';

const OWN_PORT = /^tcp:\/\/(.+:2376)$/;

/** Where the engine is to listen: where its daemon.json has it already, which may be narrower than everywhere. */
export function listenIn(config: string): readonly string[] {
  const hosts = readHosts(parseDaemonConfig(readDaemonConfig(config), config));
  const listens = hosts.flatMap((host) => OWN_PORT.exec(host)?.[1] ?? []);
  return listens.length === 0 ? [LISTEN] : listens;
}
