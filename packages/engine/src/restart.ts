import { setTimeout as sleep } from 'node:timers/promises';
import { parseDaemonConfig, readDaemonConfig, setLiveRestore } from '@docker-mtls/daemon-config';
import { doorsText, isUp } from './engine-api.ts';
import type { Doors } from './engine-api.ts';
import { engineDoors } from './engine-door.ts';
import { HostError } from './host-error.ts';
import type { HostService } from './host-unit.ts';
import { switchLiveRestore, writeLiveRestore } from './keep-containers.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';

/** How long an engine may take to answer: at first, and once its socket was restarted too. Milliseconds. */
export type RestartPatience = { readonly shortly: number; readonly long: number };

const PATIENCE: RestartPatience = { shortly: 5_000, long: 30_000 };
const PAUSE_MS = 200;

/**
 * Restarts the engine with containers that run on, though daemon.json does not say so: an engine that starts without
 * live-restore ends the containers that it finds, so it starts with it and forgets it then.
 */
async function restartKeeping(unit: HostService, config: string, patience: RestartPatience): Promise<void> {
  const final = takeSnapshot(config, [config]);
  writeLiveRestore(config, true);
  await restartPlainly(unit, config, patience);
  await switchLiveRestore(unit, config, false);
  restoreSnapshot(final);
}

function keepsAnyway({ command }: HostService, config: string): boolean {
  if (command.flags.some(({ name }) => name === 'live-restore')) return true;
  return setLiveRestore(parseDaemonConfig(readDaemonConfig(config))) === true;
}

/**
 * Restarts the engine and waits until it answers on its local socket. Throws `HOST_SYSTEMCTL` and
 * `HOST_ENGINE_SILENT`. With `keep`, the containers of an engine with live-restore run on, whatever daemon.json says.
 */
export function restartEngine(
  unit: HostService,
  config: string,
  { keep, patience = PATIENCE }: { keep: boolean; patience?: RestartPatience },
): Promise<void> {
  const restart = keep && !keepsAnyway(unit, config) ? restartKeeping : restartPlainly;
  return restart(unit, config, patience);
}

async function restartPlainly(
  unit: HostService,
  config: string,
  { shortly, long }: RestartPatience,
): Promise<void> {
  const { systemd, name, socket } = unit;
  const doors = engineDoors(unit, config);
  await systemd.resetFailed(socket === undefined ? [name] : [socket.name, name]);
  await systemd.restart([name]);
  if (await answers(doors, shortly)) return;
  // An engine that opened the path itself has put its own socket in the place of systemd's.
  if (socket !== undefined) await systemd.restart([socket.name, name]);
  if (await answers(doors, long)) return;
  throw new HostError('HOST_ENGINE_SILENT', `the engine does not answer on ${doorsText(doors)}`);
}

/** Waits until the engine answers a ping, for so long at most. */
async function answers(doors: Doors, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (;;) {
    if (await isUp(doors)) return true;
    if (performance.now() > end) return false;
    await sleep(PAUSE_MS);
  }
}
