import { DEFAULT_CA_NAME, hasCa, requireCurrent, withSession } from '@docker-mtls/authority';
import type { Access, CaOrder, PairOrder, Session } from '@docker-mtls/authority';
import { configureEngine, locateEngine, mountAt, planEngine } from '@docker-mtls/engine';
import type { ConfigurationOrder } from '@docker-mtls/engine';
import {
  configurationOrder,
  engineCaller,
  ensureCa,
  issueMissing,
  pairOf,
  whyDue,
} from '@docker-mtls/secure';
import type { CaStep } from '@docker-mtls/secure';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';
import { passphraseForNewKey } from '../../ca/passphrase.ts';
import { caAccess } from '../../ca/session.ts';
import { alone } from './alone.ts';
import { bringToEngine } from './bring-to-engine.ts';
import { caFolder, CERTS, CERTS_OPTION, CONFIG, CONFIG_FILE, CONFIG_MOUNT } from './folders.ts';
import { hostFolderOf } from './host-folder.ts';
import type { HostFolder } from './host-folder.ts';
import { isHostNetwork, readInterfaces } from './host-network.ts';
import { isConfigFolder } from './host-path.ts';
import { listenIn } from './listen.ts';
import { readMounts, requireMounted, requireOurs } from './mounted-folder.ts';
import { refuseMountedCa } from './other-ca.ts';
import { serverReport } from './server-report.ts';
import { containerNames } from './server-words.ts';

type ServerOrder = {
  readonly access: Access;
  readonly newCa: Omit<CaOrder, 'directory'>;
  readonly pair: PairOrder;
  readonly daemon: ConfigurationOrder;
  readonly host: HostFolder;
  /** Is what is mounted at /docker the host's /etc/docker, for certain? */
  readonly knowsConfig: boolean;
};

/**
 * The engine's side: a CA where there is none, a pair that is new, good or renewed, its files where the engine reads
 * them, and a daemon.json that says so. All that can be refused is refused before anything is made.
 */
export async function runServer(args: Args, io: Io): Promise<Report> {
  const order = serverOrder(args, io);
  await planEngine(order.daemon);
  const { directory, caller } = order.access;
  refuseMountedCa(CERTS, directory, io.now());
  // Throws for what cannot become one, either.
  await hasCa(directory);
  return alone(io, async () => {
    const ca = await ensureCa({ directory, ...order.newCa }, caller);
    return withSession({ ...order.access, made: ca.authority }, (session) => serve(order, session, ca.step));
  });
}

function serverOrder(args: Args, io: Io): ServerOrder {
  const mounts = readMounts();
  const certs = requireMounted(mounts, CERTS, CERTS_OPTION);
  const config = requireMounted(mounts, CONFIG, CONFIG_MOUNT);
  requireOurs(CERTS);
  const folders = { certs, config, hosts: mountAt(mounts, '/etc/hosts') };
  const host = hostFolderOf(io, folders);
  const names = containerNames(io, isHostNetwork(readInterfaces()));
  const pair: PairOrder = { kind: 'server', groups: [], force: false, ...names };
  const access = caAccess(args, io, caFolder(mounts));
  const newCa = { name: DEFAULT_CA_NAME, passphrase: () => passphraseForNewKey(args, io) };
  return { access, newCa, pair, daemon: daemonOf(io, host), host, knowsConfig: isConfigFolder(folders) };
}

/** What daemon.json is to say: the files are at /certs in here, and elsewhere on the host. */
function daemonOf(io: Io, { path }: HostFolder): ConfigurationOrder {
  const there = listenIn(CONFIG_FILE);
  const listen = there.length === 0 ? ['0.0.0.0:2376'] : there;
  const engine = locateEngine({ config: CONFIG_FILE, certsDirectory: path }, io);
  return configurationOrder({ engine, listen, certsDirectory: path, liveRestore: false }, CERTS);
}

async function serve(order: ServerOrder, session: Session, ca: CaStep): Promise<Report> {
  const { reader, caller } = session;
  const { pair } = order;
  const [root] = await reader.entries({ kind: 'ca' });
  const steps = [ca, ...(await issueMissing(session, [pair], whyDue(root)))];
  const server = await requireCurrent(reader, 'server', pair.name);
  bringToEngine(pairOf(server), order.host, caller);
  const daemon = await configureEngine(order.daemon, engineCaller(caller));
  return serverReport({ ...order, steps, server, daemon });
}
