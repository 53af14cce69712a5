import { hasCa, requireCurrent } from '@docker-mtls/authority';
import type { PairOrder } from '@docker-mtls/authority';
import { configureEngine, planEngine } from '@docker-mtls/engine';
import type { ConfigurationOrder } from '@docker-mtls/engine';
import { readArgs } from '../../command-line/args.ts';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { configurationOrder, engineCaller } from '../../engine/engine-order.ts';
import { pairOf } from '../../pair/copy-out.ts';
import type { Io } from '../../io/io.ts';
import { withCliSession } from '../../ca/session.ts';
import type { CliSession } from '../../ca/session.ts';
import { caStep } from '../secure/ca-step.ts';
import { pairSteps } from '../secure/pair-steps.ts';
import type { Step } from '../secure/step.ts';
import { alone } from './alone.ts';
import { bringToEngine } from './bring-to-engine.ts';
import { whyDue } from './due.ts';
import { CERTS, CERTS_OPTION, CONFIG, CONFIG_FILE, CONFIG_MOUNT, caFolder } from './folders.ts';
import { hostFolderOf } from './host-folder.ts';
import type { HostFolder } from './host-folder.ts';
import { isHostNetwork, readInterfaces } from './host-network.ts';
import { isConfigFolder } from './host-path.ts';
import { listenIn } from './listen.ts';
import { mountAt } from '@docker-mtls/engine';
import { readMounts, requireMounted, requireOurs } from './mounted-folder.ts';
import { refuseMountedCa } from './other-ca.ts';
import { serverReport } from './server-report.ts';
import { serverNamesIn, serverWords } from './server-words.ts';

type ServerOrder = {
  readonly io: Io;
  readonly words: Args;
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
export async function runServer(io: Io): Promise<Report> {
  const order = serverOrder(io);
  await planEngine(order.daemon);
  const directory = order.words.text('ca-dir') ?? '';
  refuseMountedCa(CERTS, directory, io.now());
  // Throws for what cannot become one, either.
  await hasCa(directory);
  return alone(io, async () => {
    const ca = await caStep({ args: order.words, io, directory });
    return withCliSession(order.words, io, (session) => serve(order, session, ca.step), ca.authority);
  });
}

function serverOrder(io: Io): ServerOrder {
  const mounts = readMounts();
  const certs = requireMounted(mounts, CERTS, CERTS_OPTION);
  const config = requireMounted(mounts, CONFIG, CONFIG_MOUNT);
  requireOurs(CERTS);
  const folders = { certs, config, hosts: mountAt(mounts, '/etc/hosts') };
  const host = hostFolderOf(io, folders);
  const words = serverWords(io, caFolder(mounts), isHostNetwork(readInterfaces()));
  const pair: PairOrder = { kind: 'server', groups: [], force: false, ...serverNamesIn(words, io) };
  return { io, words, pair, daemon: daemonOf(io, host), host, knowsConfig: isConfigFolder(folders) };
}

/** What daemon.json is to say: the files are at /certs in here, and elsewhere on the host. */
function daemonOf(io: Io, { path }: HostFolder): ConfigurationOrder {
  const there = listenIn(CONFIG_FILE);
  const listen = there.length === 0 ? ['0.0.0.0:2376'] : there;
  const words = { config: CONFIG_FILE, 'certs-dir': path };
  return configurationOrder(readArgs(words), io, { home: CERTS, listen });
}

async function serve({ io, ...order }: ServerOrder, session: CliSession, ca: Step): Promise<Report> {
  const { reader } = session;
  const { pair } = order;
  const [root] = await reader.entries({ kind: 'ca' });
  const steps = [ca, ...(await pairSteps(session, [pair], whyDue(root)))];
  const server = await requireCurrent(reader, 'server', pair.name);
  bringToEngine(pairOf(server), order.host, io);
  const daemon = await configureEngine(order.daemon, engineCaller(io));
  return serverReport({ ...order, steps, server, daemon });
}
