import path from 'node:path';
import {
  innerListens,
  parseListens,
  planDaemonConfig,
  publishFlag,
  ROOTLESSKIT_FLAGS,
} from '@docker-mtls/daemon-config';
import type {
  DaemonConfigDocument,
  DaemonConfigOptions,
  DaemonConfigPlan,
  EngineFiles,
  TcpAddress,
} from '@docker-mtls/daemon-config';
import type { LocalEngine } from './local-engine.ts';

/** What a daemon.json is to say, and whose it is. */
export type FileOrder = {
  readonly engine: LocalEngine;
  readonly listen: readonly string[];
  /** The folder of ca.pem, server-cert.pem and server-key.pem as the engine sees it. */
  readonly certsDirectory: string;
};

/** Plans the file of an engine that no systemd of this machine starts, or that is on another machine. */
export function planFile(order: FileOrder, document: DaemonConfigDocument): DaemonConfigPlan {
  if (order.engine.kind !== 'rootless') return planDaemonConfig(document, optionsOf(order));
  const published = parseListens(order.listen);
  const plan = planDaemonConfig(document, { ...optionsOf(order), listen: innerListens(published) });
  return { ...plan, warnings: [...plan.warnings, mustBePublished(published)] };
}

/** The same for the planner. */
export function optionsOf({ engine, listen, certsDirectory }: FileOrder): DaemonConfigOptions {
  return { listen, localSocket: engine.localSocket, files: engineFiles(certsDirectory) };
}

function mustBePublished(addresses: readonly TcpAddress[]): string {
  const flags = addresses.map((address) => publishFlag({ address, inner: address.port })).join(' ');
  return `a rootless engine is reached where rootlesskit publishes it: start dockerd-rootless.sh with ${ROOTLESSKIT_FLAGS}=${JSON.stringify(flags)}`;
}

/** The files of a server's pair in a folder as the engine sees it. */
export function engineFiles(directory: string): EngineFiles {
  const { join } = /^[A-Za-z]:[\\/]/.test(directory) ? path.win32 : path.posix;
  return {
    ca: join(directory, 'ca.pem'),
    certificate: join(directory, 'server-cert.pem'),
    key: join(directory, 'server-key.pem'),
  };
}
