import {
  formatTcpHost,
  openHosts,
  parseDaemonConfig,
  readDaemonConfig,
  readScalar,
} from '@docker-mtls/daemon-config';
import type { DaemonConfigDocument, EngineFlag, TcpAddress } from '@docker-mtls/daemon-config';
import { isMtlsError } from '@docker-mtls/errors';
import { engineFilesOf } from './client-view.ts';
import { fromHere } from './from-here.ts';
import type { HostUnit } from './host-unit.ts';
import type { LocalEngine } from './local-engine.ts';
import { tcpAddresses } from './plan-host.ts';
import { realPathOf } from './real-path.ts';
import type { RunningEngine } from './running-engines.ts';
import { readUnit } from './this-host.ts';
import { servedAddresses } from './wanted-listens.ts';

/** An engine of this machine that serves on the network, as its process and its files tell. */
export type ServingEngine = {
  /** Its daemon.json. */
  readonly config: string;
  /** What it listens on, as it was told: `HOST:PORT`. */
  readonly listens: readonly string[];
  /** Where this machine connects to it. */
  readonly addresses: readonly TcpAddress[];
  readonly usesTls: boolean;
  /** The certificate that it serves with, where a file or a flag names one. */
  readonly certificateFile: string | undefined;
};

export type ServingEngines = {
  readonly engines: readonly ServingEngine[];
  /** Those whose daemon.json or unit cannot be read, and why. */
  readonly unreadable: readonly { readonly config: string; readonly reason: string }[];
};

/**
 * The engines of this machine that serve on the network: those among `running`, or where there are none (without root,
 * those of others cannot be seen), the one that its files and its unit describe.
 */
export async function servingEngines(
  engine: LocalEngine,
  running: readonly RunningEngine[],
): Promise<ServingEngines> {
  const readers =
    running.length === 0
      ? [{ config: engine.config, read: () => fromFiles(engine) }]
      : running.map((each) => ({ config: each.config, read: () => fromProcess(each, engine) }));
  const engines: ServingEngine[] = [];
  const unreadable: { config: string; reason: string }[] = [];
  for (const { config, read } of readers) {
    try {
      const serving = await read();
      if (serving.addresses.length > 0) engines.push(serving);
    } catch (error) {
      if (!isMtlsError(error)) throw error;
      unreadable.push({ config, reason: error.message });
    }
  }
  return { engines, unreadable };
}

async function fromProcess(
  { config, flags, isInOwnNetwork }: RunningEngine,
  engine: LocalEngine,
): Promise<ServingEngine> {
  const document = documentOf(config);
  // Where a network of its own is published, its unit says.
  const unit = isInOwnNetwork ? await unitOf(config, engine) : undefined;
  const addresses = unit === undefined ? addressesOf(document, flags) : servedAddresses(document, unit);
  return toServing({ config, document, flags, addresses });
}

async function fromFiles(engine: LocalEngine): Promise<ServingEngine> {
  const { config } = engine;
  const document = documentOf(config);
  const unit = await unitOf(config, engine);
  const addresses = servedAddresses(document, unit);
  const flags = unit?.command.flags ?? [];
  return toServing({ config, document, flags, addresses });
}

/** The unit of the engine that is meant, if that is the one that reads this file. */
async function unitOf(config: string, engine: LocalEngine): Promise<HostUnit | undefined> {
  return realPathOf(config) === realPathOf(engine.config) ? readUnit(engine) : undefined;
}

function documentOf(config: string): DaemonConfigDocument {
  return parseDaemonConfig(readDaemonConfig(config), config);
}

function addressesOf(document: DaemonConfigDocument, flags: readonly EngineFlag[]): readonly TcpAddress[] {
  const hosts = flags.flatMap(({ name, value }) => (name === 'host' && value !== undefined ? [value] : []));
  return tcpAddresses(openHosts(document, { hosts, tls: isTlsIn(flags) }).flat());
}

type Told = {
  readonly config: string;
  readonly document: DaemonConfigDocument;
  readonly flags: readonly EngineFlag[];
  readonly addresses: readonly TcpAddress[];
};

function toServing({ config, document, flags, addresses }: Told): ServingEngine {
  return {
    config,
    listens: addresses.map((each) => formatTcpHost(each).slice('tcp://'.length)),
    addresses: addresses.map(({ host, port }) => ({ host: fromHere(host), port })),
    usesTls:
      isTlsIn(flags) ||
      readScalar(document, 'tls') === true ||
      readScalar(document, 'tlsverify') !== undefined,
    certificateFile: engineFilesOf(document, flags).certificate,
  };
}

/** moby cmd/dockerd: `--tlsverify=false` turns TLS on all the same. */
function isTlsIn(flags: readonly EngineFlag[]): boolean {
  return flags.some(({ name, value }) => name === 'tlsverify' || (name === 'tls' && value !== 'false'));
}
