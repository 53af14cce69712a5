import fs from 'node:fs';
import path from 'node:path';
import { defaultConfigPath, defaultLocalSocket } from '@docker-mtls/daemon-config';
import { restartCommand, serviceManager } from './restart-command.ts';
import type { Services } from './restart-command.ts';
import { runningEngines } from './running-engines.ts';
import { SNAP_CONFIG, isInSnap } from './snap.ts';

/** What of the process that asks decides which engine is meant. */
export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The number of the user, 0 for root; `undefined` on Windows. */
  readonly uid: number | undefined;
};

/** Both paths are absolute. */
export type WhichEngine = {
  /** A daemon.json that was named; absent: that of this machine's engine. */
  readonly config?: string | undefined;
  /** The folder of the certificates as the engine sees it. */
  readonly certsDirectory?: string | undefined;
};

/** The engine that a daemon.json belongs to, and what follows from its kind. */
export type LocalEngine = {
  readonly kind: 'system' | 'rootless' | 'snap' | 'windows';
  /** Its daemon.json. */
  readonly config: string;
  /** What it must listen on for this machine, as `hosts` has it. */
  readonly localSocket: string;
  /** The command that restarts it, where it is certain which one does. */
  readonly restart: string | undefined;
  /** Who asked for it, and where. */
  readonly machine: Machine;
};

/** The engine that is meant: the one whose file is named, or else the one that this machine has. */
export function locateEngine(which: WhichEngine, machine: Machine, services?: Services): LocalEngine {
  const kind = kindOf(which, machine);
  const config = which.config ?? usualConfig(kind, machine);
  const isUsual = config === usualConfig(kind, machine);
  const { env, platform, uid } = machine;
  return {
    kind,
    config,
    localSocket: socketOf(kind, machine),
    // Looked for when it is to be said: that reads the command line of each process.
    get restart() {
      return restartCommand({ kind, config, isUsual }, services ?? servicesOf(machine));
    },
    machine: { env, platform, uid },
  };
}

function servicesOf({ platform }: Machine): Services {
  if (platform !== 'linux') return { manager: undefined, running: [] };
  return { manager: serviceManager(), running: runningEngines() };
}

function kindOf({ config, certsDirectory = '' }: WhichEngine, machine: Machine): LocalEngine['kind'] {
  if (isWindows(certsDirectory, machine)) return 'windows';
  return config === undefined ? kindHere(machine) : kindOfFile(config, machine);
}

/** What must be done so that the engine reads its file, in words. */
export function restartWords({ restart, config }: LocalEngine): string {
  return restart === undefined
    ? `restart the engine that reads ${config}`
    : `restart the engine, for example: ${restart}`;
}

/** Paths of Windows in the file are for an engine there, wherever the file is written. */
function isWindows(certsDirectory: string, { platform }: Machine): boolean {
  return platform === 'win32' || /^[A-Za-z]:[\\/]/.test(certsDirectory);
}

function kindOfFile(config: string, machine: Machine): LocalEngine['kind'] {
  if (isInSnap(config)) return 'snap';
  return isOwnUser(machine) && config === usualConfig('rootless', machine) ? 'rootless' : 'system';
}

function kindHere(machine: Machine): LocalEngine['kind'] {
  if (isOwnUser(machine) && rootlessMarks(machine).some((file) => fs.existsSync(file))) return 'rootless';
  const isSnap =
    fs.existsSync(path.dirname(SNAP_CONFIG)) && !SYSTEM_UNITS.some((file) => fs.existsSync(file));
  return machine.platform === 'linux' && isSnap ? 'snap' : 'system';
}

const SYSTEM_UNITS = ['/etc', '/lib', '/usr/lib', '/run'].map(
  (root) => `${root}/systemd/system/docker.service`,
);

/** What a rootless engine of this user leaves behind: its unit, its socket, its file. */
function rootlessMarks(machine: Machine): readonly string[] {
  const config = path.dirname(path.dirname(usualConfig('rootless', machine)));
  const units = [`${config}/systemd/user`, '/etc/systemd/user', '/usr/lib/systemd/user'];
  return [
    ...units.map((folder) => `${folder}/docker.service`),
    `${runtimeFolder(machine)}/docker.sock`,
    usualConfig('rootless', machine),
  ];
}

function isOwnUser({ platform, uid }: Machine): boolean {
  return platform === 'linux' && uid !== undefined && uid !== 0;
}

/** Where an engine of that kind has its daemon.json when nobody says so. */
export function usualConfig(kind: LocalEngine['kind'], machine: Machine): string {
  if (kind === 'snap') return SNAP_CONFIG;
  const platform = kind === 'windows' ? 'win32' : machine.platform;
  return defaultConfigPath(platform, machine.env, { rootless: kind === 'rootless' });
}

function socketOf(kind: LocalEngine['kind'], machine: Machine): string {
  const env = { ...machine.env, XDG_RUNTIME_DIR: runtimeFolder(machine) };
  return defaultLocalSocket(kind === 'windows' ? 'win32' : 'linux', env, { rootless: kind === 'rootless' });
}

/** Where a user's sockets are; su and sudo do not set the variable. */
export function runtimeFolder({ env, uid }: Machine): string {
  return env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`;
}

/** Where a user's own configuration is. */
export function configFolder(machine: Machine): string {
  return path.dirname(path.dirname(usualConfig('rootless', machine)));
}
