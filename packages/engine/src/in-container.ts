import fs from 'node:fs';
import nodePath from 'node:path';
import { findDockerd } from '@docker-mtls/daemon-config';
import { HostError } from './host-error.ts';
import { usualConfig } from './local-engine.ts';
import type { LocalEngine } from './local-engine.ts';
import { parseMountTable } from './mount-table.ts';

/** What container engines leave in the containers that they make: Docker, and Podman. */
const MARKS = ['/.dockerenv', '/run/.containerenv'];

/**
 * Refuses this machine's engine where there is none: in a container, the usual daemon.json would go with the container,
 * unless a folder of the host is mounted there. Throws `HOST_IN_CONTAINER`.
 */
export function refuseInContainer(
  { kind, config, machine }: LocalEngine,
  {
    marks = MARKS,
    mountInfo = '/proc/self/mountinfo',
    hasEngine = findDockerd() !== undefined,
  }: Partial<Container> = {},
): void {
  if (kind !== 'system' || config !== usualConfig(kind, machine) || hasEngine) return;
  if (!marks.some((mark) => fs.existsSync(mark)) || isMounted(config, mountInfo)) return;
  throw new HostError(
    'HOST_IN_CONTAINER',
    `${config} would be lost with this container, where no engine runs`,
    {
      hint: "run docker-mtls on the engine's host, or mount its folder: docker container run -v /etc/docker:/etc/docker …",
    },
  );
}

type Container = {
  readonly marks: readonly string[];
  readonly mountInfo: string;
  /** Is the engine's own program here? */
  readonly hasEngine: boolean;
};

/** Is the file, or a folder above it, on a mount of its own? */
function isMounted(file: string, mountInfo: string): boolean {
  const mounts = parseMountTable(fs.readFileSync(mountInfo)) ?? [];
  const points = new Set(mounts.map(({ mountPoint }) => mountPoint));
  for (let path = file; path !== '/'; path = nodePath.dirname(path)) if (points.has(path)) return true;
  return false;
}
