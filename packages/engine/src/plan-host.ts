import {
  formatTcpHost,
  innerListens,
  openHosts,
  parseDaemonConfig,
  parseListenHost,
  parseListens,
  planDaemonConfig,
  planDropIn,
  planLiveRestore,
  publishedNow,
  readDaemonConfig,
  readHosts,
} from '@docker-mtls/daemon-config';
import type {
  DaemonConfigDocument,
  DaemonConfigOptions,
  DaemonConfigPlan,
  DropInPlan,
  TcpAddress,
} from '@docker-mtls/daemon-config';
import { HostError } from './host-error.ts';
import type { HostUnit } from './host-unit.ts';
import type { Listens } from './listen.ts';

/** What daemon.json and the unit's drop-in must say together. */
export type HostPlan = {
  readonly config: DaemonConfigPlan;
  readonly dropIn: DropInPlan;
  /** Is the engine to keep its containers first? */
  readonly liveRestore: boolean;
  readonly listens: Listens;
};

export type HostOptions = Omit<DaemonConfigOptions, 'flags'> & { readonly liveRestore: boolean };

/**
 * Plans both: a setting of the unit's command line that daemon.json has too moves there. Throws `DAEMON_CONFIG_…`, and
 * `HOST_LIVE_RESTORE` where containers cannot run on.
 */
export function planHost(unit: HostUnit, document: DaemonConfigDocument, options: HostOptions): HostPlan {
  const { isRootless } = unit.scope;
  if (isRootless && options.liveRestore) throw endsWithEngine();
  const hasNetwork = hasOwnNetwork(unit);
  const publish = hasNetwork ? parseListens(options.listen) : [];
  const inner = hasNetwork ? { ...options, listen: innerListens(publish) } : options;
  const { config, liveRestore } = planConfig(unit, document, inner);
  const wanted = hasNetwork
    ? publish.map(formatTcpHost)
    : readHosts(parseDaemonConfig(Buffer.from(config.after)));
  return {
    config,
    dropIn: dropInFor(unit, config.after, publish),
    liveRestore,
    listens: { held: unit.isActive ? heldBy(unit, document) : [], wanted, pid: unit.pid },
  };
}

function planConfig(
  { command, opens: flags }: HostUnit,
  document: DaemonConfigDocument,
  { liveRestore, ...options }: HostOptions,
): Pick<HostPlan, 'config' | 'liveRestore'> {
  if (!liveRestore || command.flags.some(({ name }) => name === 'live-restore'))
    return { config: planDaemonConfig(document, { ...options, flags }), liveRestore: false };
  const first = planLiveRestore(document);
  const second = planDaemonConfig(parseDaemonConfig(Buffer.from(first.after)), { ...options, flags });
  const { exists, before } = first;
  const config = { ...second, exists, before, changes: [...first.changes, ...second.changes] };
  return { config, liveRestore: true };
}

/** Is the engine reached only where rootlesskit publishes it? */
export function hasOwnNetwork({ scope, isDetached }: HostUnit): boolean {
  return scope.isRootless && !isDetached;
}

function heldBy(unit: HostUnit, document: DaemonConfigDocument): readonly string[] {
  const open = openHosts(document, unit.opens).flat();
  if (!unit.scope.isRootless) return open;
  const published = publishedNow(unit.command, unit.files);
  const outer = published.map(formatTcpHost);
  if (hasOwnNetwork(unit)) return outer;
  // Before its upgrade the engine was reached where it was published, which may be fewer addresses than it opened inside.
  return [...outer, ...open.filter((host) => !hasPortOf(host, published))];
}

function hasPortOf(host: string, addresses: readonly TcpAddress[]): boolean {
  return tcpAddresses([host]).some(({ port }) => addresses.some((address) => address.port === port));
}

/** Where clients reach the engine, by its file and its unit. */
export function heldAddresses(unit: HostUnit, document: DaemonConfigDocument): readonly TcpAddress[] {
  return tcpAddresses(heldBy(unit, document));
}

export function tcpAddresses(hosts: readonly string[]): readonly TcpAddress[] {
  return hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' ? [parsed.address] : [];
  });
}

/** `HOST:PORT` of each address of this machine on which the engine is reached. */
export function listensOf(unit: HostUnit, config: string): readonly string[] {
  const hosts = heldBy(unit, parseDaemonConfig(readDaemonConfig(config), config));
  return hosts.flatMap((host) => {
    const parsed = parseListenHost(host);
    return parsed?.kind === 'tcp' ? [formatTcpHost(parsed.address).slice('tcp://'.length)] : [];
  });
}

/** The drop-in that a daemon.json of this text needs, published where it is already and on these addresses. */
export function dropInFor(unit: HostUnit, text: string, publish: readonly TcpAddress[] = []): DropInPlan {
  const { command, files, folder } = unit;
  const document = parseDaemonConfig(Buffer.from(text));
  return planDropIn(command, { document, files, folder, publish: hasOwnNetwork(unit) ? publish : undefined });
}

export function changesSomething({ config, dropIn }: HostPlan): boolean {
  return config.changes.length > 0 || dropIn.before !== dropIn.after;
}

export function endsWithEngine(): HostError {
  return new HostError('HOST_LIVE_RESTORE', 'the containers of a rootless engine end with it', {
    hint: 'omit --live-restore: they live in name spaces that are gone when the engine restarts',
  });
}
