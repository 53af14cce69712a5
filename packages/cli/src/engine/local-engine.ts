import fs from 'node:fs';
import path from 'node:path';
import { defaultConfigPath, defaultLocalSocket } from '@docker-mtls/daemon-config';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { SNAP_CONFIG, isInSnap } from './snap.ts';

/** The engine that a daemon.json belongs to, and what follows from its kind. */
export type LocalEngine = {
  readonly kind: 'system' | 'rootless' | 'snap' | 'windows';
  /** Its daemon.json. */
  readonly config: string;
  /** What it must listen on for this machine, as `hosts` has it. */
  readonly localSocket: string;
  /** The command that restarts it, where it is certain which one does. */
  readonly restart: string | undefined;
};

/** As the documentation of each has it. */
const RESTARTS: Readonly<Record<LocalEngine['kind'], string>> = {
  system: 'systemctl restart docker',
  rootless: 'systemctl --user restart docker',
  snap: 'snap restart docker.dockerd',
  windows: 'Restart-Service docker',
};

/** The engine that the command line means: the one whose file it names, or else the one that this machine has. */
export function localEngine(args: Args, io: Io): LocalEngine {
  const named = args.text('config');
  const given = named === undefined ? undefined : path.resolve(io.cwd, named);
  const kind = isWindows(args, io) ? 'windows' : given === undefined ? kindHere(io) : kindOf(given, io);
  const config = given ?? usualConfig(kind, io);
  const isKnown = kind !== 'system' || config.startsWith('/etc/docker/');
  return { kind, config, localSocket: socketOf(kind, io), restart: isKnown ? RESTARTS[kind] : undefined };
}

/** What is to be done for the engine to take its file over, in words. */
export function restartWords({ restart, config }: LocalEngine): string {
  return restart === undefined
    ? `restart the engine that reads ${config}`
    : `restart the engine, for example: ${restart}`;
}

/** Paths of Windows in the file are for an engine there, wherever the file is written. */
function isWindows(args: Args, io: Io): boolean {
  return io.platform === 'win32' || /^[A-Za-z]:[\\/]/.test(args.text('certs-dir') ?? '');
}

function kindOf(config: string, io: Io): LocalEngine['kind'] {
  if (isInSnap(config)) return 'snap';
  return isOwnUser(io) && config === usualConfig('rootless', io) ? 'rootless' : 'system';
}

function kindHere(io: Io): LocalEngine['kind'] {
  if (isOwnUser(io) && rootlessMarks(io).some((file) => fs.existsSync(file))) return 'rootless';
  const isSnap =
    fs.existsSync(path.dirname(SNAP_CONFIG)) && !SYSTEM_UNITS.some((file) => fs.existsSync(file));
  return io.platform === 'linux' && isSnap ? 'snap' : 'system';
}

const SYSTEM_UNITS = ['/etc', '/lib', '/usr/lib', '/run'].map(
  (root) => `${root}/systemd/system/docker.service`,
);

/** What a rootless engine of this user leaves behind: its unit, its socket, its file. */
function rootlessMarks(io: Io): readonly string[] {
  const config = path.dirname(path.dirname(usualConfig('rootless', io)));
  const units = [`${config}/systemd/user`, '/etc/systemd/user', '/usr/lib/systemd/user'];
  return [
    ...units.map((folder) => `${folder}/docker.service`),
    `${runtimeFolder(io)}/docker.sock`,
    usualConfig('rootless', io),
  ];
}

function isOwnUser({ platform, uid }: Io): boolean {
  return platform === 'linux' && uid !== undefined && uid !== 0;
}

/** Where an engine of that kind has its daemon.json when nobody says so. */
export function usualConfig(kind: LocalEngine['kind'], io: Io): string {
  if (kind === 'snap') return SNAP_CONFIG;
  const platform = kind === 'windows' ? 'win32' : io.platform;
  return defaultConfigPath(platform, io.env, { rootless: kind === 'rootless' });
}

function socketOf(kind: LocalEngine['kind'], io: Io): string {
  const env = { ...io.env, XDG_RUNTIME_DIR: runtimeFolder(io) };
  return defaultLocalSocket(kind === 'windows' ? 'win32' : 'linux', env, { rootless: kind === 'rootless' });
}

/** Where a user's sockets are; su and sudo do not set the variable. */
export function runtimeFolder({ env, uid }: Io): string {
  return env['XDG_RUNTIME_DIR'] || `/run/user/${uid}`;
}

/** Where a user's own configuration is. */
export function configFolder(io: Io): string {
  return path.dirname(path.dirname(usualConfig('rootless', io)));
}
