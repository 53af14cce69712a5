import { setTimeout as sleep } from 'node:timers/promises';
import { parseDaemonConfig, planLiveRestore, readDaemonConfig } from '@docker-mtls/daemon-config';
import { PUBLIC_FILE, replaceFile, statIfExists } from '@docker-mtls/files';
import { engineDoors } from './engine-door.ts';
import { readEngineState } from './engine-state.ts';
import { HostError } from './host-error.ts';
import type { HostService } from './host-unit.ts';
import type { Snapshot } from './snapshot.ts';

const PATIENCE_MS = 10_000;
const PAUSE_MS = 200;

/**
 * Has the running engine keep its containers from now on, or no longer. The setting is one of those that a reload
 * takes over, but only from a file that says it outright, and only from one that does not clash with the flags that
 * this engine was started with: so the file says what it said, and this. The caller puts it back.
 * Throws `HOST_LIVE_RESTORE`, and `HOST_SWARM`.
 */
export async function switchLiveRestore(
  unit: HostService,
  config: string,
  to: boolean,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const doors = engineDoors(unit, config);
  const state = await readEngineState(doors);
  if (state?.liveRestore === to) return;
  if (state?.inSwarm === true) throw notInSwarm();
  writeLiveRestore(config, to);
  await unit.systemd.reload(unit.name);
  const end = performance.now() + patienceMs;
  while ((await readEngineState(doors))?.liveRestore !== to) {
    if (performance.now() > end)
      throw new HostError('HOST_LIVE_RESTORE', `the engine did not take "live-restore": ${to} over`);
    await sleep(PAUSE_MS);
  }
}

/**
 * The same files, with a daemon.json that has the engine keep its containers: the very same ones when it does already,
 * by a flag or by the file.
 */
export function keepingContainers({ command }: HostService, snapshot: Snapshot): Snapshot {
  const { config, images } = snapshot;
  if (command.flags.some(({ name }) => name === 'live-restore')) return snapshot;
  const was = images.find(({ path }) => path === config)?.was ?? null;
  const { after, changes } = planLiveRestore(
    parseDaemonConfig(was === null ? undefined : Buffer.from(was.base64, 'base64')),
  );
  if (changes.length === 0) return snapshot;
  const access = was ?? { mode: PUBLIC_FILE, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const kept = { path: config, was: { ...access, base64: Buffer.from(after).toString('base64') } };
  return { ...snapshot, images: images.map((image) => (image.path === config ? kept : image)) };
}

/** Writes the setting into daemon.json; all else stays, mode and owner included. */
export function writeLiveRestore(config: string, to: boolean): void {
  const { after, exists } = planLiveRestore(parseDaemonConfig(readDaemonConfig(config)), to);
  replaceFile(config, after, (exists ? statIfExists(config) : undefined) ?? PUBLIC_FILE);
}

function notInSwarm(): HostError {
  return new HostError('HOST_SWARM', 'live-restore does not go together with swarm mode', {
    hint: 'omit --live-restore: the swarm starts elsewhere what stops here',
  });
}
