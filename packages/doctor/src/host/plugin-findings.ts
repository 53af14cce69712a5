import fs from 'node:fs';
import net from 'node:net';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { EngineBuild } from '@docker-mtls/engine/version';
import { compareReleases } from '@docker-mtls/engine/version';

export type PluginSight = {
  /** The daemon.json that names them. */
  readonly subject: string;
  readonly named: readonly string[];
  /** Those that the engine started with, as /info has them; `undefined` where it did not say. */
  readonly started: readonly string[] | undefined;
  /** Names of plugins that the engine itself manages. */
  readonly managed: readonly string[];
  /** Where the sockets of plugins are. */
  readonly sockets?: string;
};

const SOCKETS = '/run/docker/plugins';
const SPECIFICATIONS = ['/etc/docker/plugins', '/usr/lib/docker/plugins'];

/** Plugins that are named, and that the engine cannot ask (moby pkg/plugins/discovery.go). */
export async function hostPluginFindings(order: PluginSight): Promise<readonly FoundFinding[]> {
  const all: FoundFinding[] = [];
  for (const name of new Set(order.named)) all.push(...(await findingsOf(name, order)));
  return all;
}

/** moby 29.2 and later serve native gRPC on local sockets, which plugins are not asked about. */
const SERVES_GRPC = [29, 2, 0] as const;

/** Builds that users of the local socket can run past the plugins of an engine. */
export function grpcFindings(
  socket: string,
  named: readonly string[],
  build: EngineBuild | undefined,
): readonly FoundFinding[] {
  if (named.length === 0 || build === undefined || compareReleases(build.release, SERVES_GRPC) < 0) return [];
  return [
    found('authorization', 'authorization-bypassed-grpc', {
      subject: socket,
      severity: 'warning',
      message: 'users of this socket reach builds over gRPC, and no plugin is asked',
      hint: 'let root alone use the socket: keep the group docker empty, and give users client certificates',
    }),
  ];
}

async function findingsOf(name: string, order: PluginSight): Promise<readonly FoundFinding[]> {
  const { subject, started, managed, sockets = SOCKETS } = order;
  if (isManaged(name, managed)) return startFindings(name, order);
  const socket = [`${sockets}/${name}.sock`, `${sockets}/${name}/${name}.sock`].find(isThere);
  if (socket !== undefined) {
    const isUp = await answers(socket);
    if (isUp) return startFindings(name, order);
    const message = `nothing listens on ${socket}: each request waits 15 s and fails`;
    return [found('authorization', 'authorization-plugin-down', { subject, message })];
  }
  const isSpecified = SPECIFICATIONS.flatMap((folder) => [
    `${folder}/${name}.spec`,
    `${folder}/${name}.json`,
  ]).some(isThere);
  if (isSpecified) return startFindings(name, order);
  const isRunning = started?.includes(name) === true;
  const message = `${name} has no socket in ${sockets}, and no specification`;
  return isRunning
    ? [found('authorization', 'authorization-plugin-down', { subject, message })]
    : [found('authorization', 'authorization-plugin-missing', { subject, message })];
}

/** What /info lists is the list of the start: a reload may have added the plugin since, but it does not tell. */
function startFindings(name: string, { subject, started }: PluginSight): readonly FoundFinding[] {
  if (started === undefined || started.includes(name)) return [];
  const message = `the engine started without ${name}: whether a reload has added it since cannot be seen`;
  return [found('authorization', 'authorization-not-in-force', { subject, message, severity: 'warning' })];
}

/** An engine's own plugins have a tag. */
function isManaged(name: string, managed: readonly string[]): boolean {
  return managed.some((each) => each === name || each === `${name}:latest`);
}

function isThere(path: string): boolean {
  try {
    return fs.statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

const PATIENCE_MS = 1000;

/** Does anything take connections there? Nothing is sent. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    const settle = (isUp: boolean): void => {
      socket.destroy();
      resolve(isUp);
    };
    socket.setTimeout(PATIENCE_MS, () => settle(false));
    socket.once('connect', () => settle(true)).on('error', () => settle(false));
  });
}
