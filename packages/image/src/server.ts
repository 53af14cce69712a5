import { hasCa, requireCurrent, withSession } from '@docker-mtls/authority';
import type { Access, CaOrder, PairOrder, Session } from '@docker-mtls/authority';
import type { Entry } from '@docker-mtls/ca-directory';
import { parseDaemonConfig, readDaemonConfig, readHosts } from '@docker-mtls/daemon-config';
import { configureEngine, locateEngine, mountAt, planEngine } from '@docker-mtls/engine';
import type { ConfigurationOrder, DaemonOutcome, Machine } from '@docker-mtls/engine';
import { ensureCa, issueMissing, pairOf, whyDue } from '@docker-mtls/secure';
import { configurationOrder, engineCaller } from '@docker-mtls/secure/engine';
import type { CaStep, Step } from '@docker-mtls/secure';
import { bringToEngine } from './bring-to-engine.ts';
import { alone, caFolder, CERTS, CERTS_OPTION, CONFIG, CONFIG_FILE, CONFIG_MOUNT } from './folders.ts';
import { hostFolderOf } from './host-folder.ts';
import type { Environment, HostFolder } from './host-folder.ts';
import { isHostNetwork, readInterfaces } from './host-network.ts';
import { isConfigFolder } from './host-path.ts';
import { readMounts, requireMounted, requireOurs } from './mounted-folder.ts';
import { refuseMountedCa } from './other-ca.ts';

/** What is mounted in the server's container. */
export type ServerPlace = {
  readonly directory: string;
  readonly host: HostFolder;
  /** Is what is mounted at /docker the host's /etc/docker, for certain? */
  readonly knowsConfig: boolean;
  /** Are the names and addresses of this machine the host's? */
  readonly isHostNetwork: boolean;
};

/** Codes: `CONTAINER_…`. */
export function findServer(env: Environment): ServerPlace {
  const mounts = readMounts();
  const certs = requireMounted(mounts, CERTS, CERTS_OPTION);
  const config = requireMounted(mounts, CONFIG, CONFIG_MOUNT);
  requireOurs(CERTS);
  const folders = { certs, config, hosts: mountAt(mounts, '/etc/hosts') };
  return {
    directory: caFolder(mounts),
    host: hostFolderOf({ env }, folders),
    knowsConfig: isConfigFolder(folders),
    isHostNetwork: isHostNetwork(readInterfaces()),
  };
}

export type ServerOrder = {
  readonly access: Access;
  readonly newCa: Omit<CaOrder, 'directory'>;
  readonly server: PairOrder;
  readonly machine: Machine;
};

export type ServerOutcome = {
  readonly steps: readonly Step[];
  readonly server: Entry;
  readonly daemon: DaemonOutcome;
};

/**
 * The engine's side: a CA where there is none, a pair that is new, good or renewed, its files where the engine reads
 * them, and a daemon.json that says so. All that can be refused is refused before anything is made.
 */
export async function runServer(place: ServerPlace, order: ServerOrder): Promise<ServerOutcome> {
  const configuration = configurationOf(place, order);
  await planEngine(configuration);
  const { directory } = place;
  const { caller } = order.access;
  refuseMountedCa(CERTS, directory, caller.now());
  // Throws for what cannot become one, either.
  await hasCa(directory);
  return alone(caller, async () => {
    const ca = await ensureCa({ directory, ...order.newCa }, caller);
    const work = { server: order.server, configuration, host: place.host, ca: ca.step };
    return withSession({ ...order.access, made: ca.authority }, (session) => serve(session, work));
  });
}

/** What daemon.json is to say: the files are at /certs in here, and elsewhere on the host. */
function configurationOf({ host }: ServerPlace, { machine }: ServerOrder): ConfigurationOrder {
  const there = listenIn(CONFIG_FILE);
  const listen = there.length === 0 ? ['0.0.0.0:2376'] : there;
  const engine = locateEngine({ config: CONFIG_FILE, certsDirectory: host.path }, machine);
  return configurationOrder({ engine, listen, certsDirectory: host.path, liveRestore: false }, CERTS);
}

const OWN_PORT = /^tcp:\/\/(.+:2376)$/;

/** Where the engine listens for certificates already: that may be narrower than everywhere, and stays. */
function listenIn(config: string): readonly string[] {
  const hosts = readHosts(parseDaemonConfig(readDaemonConfig(config), config));
  return hosts.flatMap((host) => OWN_PORT.exec(host)?.[1] ?? []);
}

type Work = {
  readonly server: PairOrder;
  readonly configuration: ConfigurationOrder;
  readonly host: HostFolder;
  readonly ca: CaStep;
};

async function serve(session: Session, { ca, ...work }: Work): Promise<ServerOutcome> {
  const { reader, caller } = session;
  const [root] = await reader.entries({ kind: 'ca' });
  const steps = [ca, ...(await issueMissing(session, [work.server], whyDue(root)))];
  const server = await requireCurrent(reader, 'server', work.server.name);
  bringToEngine(pairOf(server), work.host, caller);
  const daemon = await configureEngine(work.configuration, engineCaller(caller));
  return { steps, server, daemon };
}
