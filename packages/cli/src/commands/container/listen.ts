import { parseDaemonConfig, readDaemonConfig, readHosts } from '@docker-mtls/daemon-config';

const OWN_PORT = /^tcp:\/\/(.+:2376)$/;

/** Where the engine listens for certificates already: that may be narrower than everywhere, and stays. */
export function listenIn(config: string): readonly string[] {
  const hosts = readHosts(parseDaemonConfig(readDaemonConfig(config), config));
  return hosts.flatMap((host) => OWN_PORT.exec(host)?.[1] ?? []);
}
