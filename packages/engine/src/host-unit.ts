import fs from 'node:fs';
import nodePath from 'node:path';
import { hasCode } from '@docker-mtls/errors';
import { readFile, readFileIfExists } from '@docker-mtls/files';
import {
  DaemonConfigError,
  decodeUnitText,
  defaultConfigPath,
  findDockerd,
  readEngineCommand,
  readServiceUnit,
  refuseNetworkSocket,
  remainingHosts,
} from '@docker-mtls/daemon-config';
import type { EngineCommand, UnitFile, UnitProperties } from '@docker-mtls/daemon-config';
import type { Run } from '@docker-mtls/run';
import { startsDetached } from './rootless-network.ts';
import { runningEngines } from './running-engines.ts';
import { SYSTEM } from './scope.ts';
import type { Scope } from './scope.ts';
import { activeState, invocationOf, mainPidOf, systemdOf } from './systemd.ts';
import type { Systemd } from './systemd.ts';

/** The engine's service of this machine, whatever its unit says, or if it is gone. */
export type HostService = {
  readonly name: string;
  readonly scope: Scope;
  readonly systemd: Systemd;
  /** Where a drop-in of docker-mtls belongs. */
  readonly folder: string;
  /** What the engine is told on its command line; nothing where that is not known. */
  readonly command: Pick<EngineCommand, 'flags' | 'hosts' | 'tls'>;
  /** What that opens: without the hosts that the drop-in of docker-mtls takes away. */
  readonly opens: Pick<EngineCommand, 'hosts' | 'tls'>;
  /** The daemon.json that this engine reads; `undefined` where that is not known. */
  readonly config: string | undefined;
  /** Is there such a unit? */
  readonly isLoaded: boolean;
  readonly isActive: boolean;
  /** Which start of the engine this is. */
  readonly invocation: string;
  /** The engine's process, or for a rootless one the process that publishes its ports; 0 when there is none. */
  readonly pid: number;
  /** The unit that holds the engine's socket for it, when it is at work, and where that socket is. */
  readonly socket: { readonly name: string; readonly path: string | undefined } | undefined;
};

/** The same with all that its unit says. */
export type HostUnit = HostService & {
  /** The unit, then its drop-ins in systemd's order. */
  readonly files: readonly UnitFile[];
  readonly command: EngineCommand;
  /** The engine's program, without systemd's prefixes. */
  readonly program: string;
  /**
   * Will a rootless engine use this machine's network at its next start (rootlesskit's --detach-netns, the default since
   * 29.5)? Then it opens its ports itself.
   */
  readonly isDetached: boolean;
  readonly config: string;
};

export const SERVICE = 'docker.service';
const SOCKET = 'docker.socket';
const USUAL_CONFIG = '/etc/docker/daemon.json';

type HowToRead = { readonly fresh?: boolean; readonly scope?: Scope; readonly units?: string };

/**
 * Reads how systemd starts the engine; `undefined` when it does not. With `fresh`, systemd first reads unit files
 * that changed since it last did. Throws `DAEMON_CONFIG_UNIT` for a unit that cannot be understood, or a
 * docker.socket that is open to the network, and `HOST_SYSTEMCTL`.
 */
export async function readHostUnit(
  run: Run,
  { fresh = false, scope = SYSTEM, units = scope.units }: HowToRead = {},
): Promise<HostUnit | undefined> {
  const systemd = systemdOf(run, scope);
  const shown = await showFresh(systemd, SERVICE, fresh);
  refuseBroken(shown);
  if (shown.loadState !== 'loaded' || shown.fragmentPath === undefined) return undefined;
  const folder = `${units}/${SERVICE}.d`;
  const files = readUnitFiles(withUnread(shown, folder));
  const command = commandOf(files, await systemd.environment());
  return {
    ...serviceOf(shown, { systemd, scope, units }),
    files,
    command,
    opens: { hosts: remainingHosts(command, { files, folder }), tls: command.tls },
    program: programOf(command, scope),
    isDetached: scope.isRootless && startsDetached(command, nowDetached),
    config: command.configFile ?? usualConfig(command, scope),
    socket: await readSockets(systemd, shown),
  };
}

const NOTHING_TOLD: HostService['command'] = { flags: [], hosts: [], tls: false };

/**
 * Reads as much of the engine's service as can be read: for a way back, which must not depend on a unit that is plain,
 * nor on one that is still there. Throws `HOST_SYSTEMCTL`.
 */
export async function readHostService(
  run: Run,
  { scope = SYSTEM, units = scope.units }: Omit<HowToRead, 'fresh'> = {},
): Promise<HostService> {
  try {
    const unit = await readHostUnit(run, { fresh: true, scope, units });
    if (unit !== undefined) return unit;
  } catch (error) {
    if (!hasCode(error, 'DAEMON_CONFIG_UNIT')) throw error;
  }
  const systemd = systemdOf(run, scope);
  return serviceOf(await systemd.show(SERVICE), { systemd, scope, units });
}

function serviceOf(
  shown: UnitProperties,
  { systemd, scope, units }: Required<Pick<HowToRead, 'scope' | 'units'>> & { readonly systemd: Systemd },
): HostService {
  return {
    name: SERVICE,
    scope,
    systemd,
    folder: `${units}/${SERVICE}.d`,
    command: NOTHING_TOLD,
    opens: NOTHING_TOLD,
    config: undefined,
    isLoaded: shown.loadState !== 'not-found',
    isActive: activeState(shown) === 'active',
    invocation: invocationOf(shown),
    pid: mainPidOf(shown),
    socket: undefined,
  };
}

async function showFresh(systemd: Systemd, unit: string, fresh: boolean): Promise<UnitProperties> {
  // NeedDaemonReload does not tell of a drop-in in a folder that is new: systemd 252 has cached which folders there are.
  if (fresh) await systemd.daemonReload();
  return systemd.show(unit);
}

/** A unit that systemd itself cannot make sense of would have no engine start, whatever we wrote. */
function refuseBroken({ loadState }: UnitProperties): void {
  if (loadState !== 'bad-setting' && loadState !== 'error') return;
  throw new DaemonConfigError('DAEMON_CONFIG_UNIT', `systemd refuses ${SERVICE} as it is (${loadState})`, {
    hint: `systemctl status ${SERVICE} and its journal say why: correct the unit or its drop-ins first`,
  });
}

/** With the drop-ins in the administrator's folder that systemd will read at its next reload. */
function withUnread(shown: UnitProperties, folder: string): UnitProperties {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.conf')) : [];
  const known = new Set(shown.dropInPaths.map((path) => nodePath.basename(path)));
  const unread = names.filter((name) => !known.has(name)).map((name) => `${folder}/${name}`);
  if (unread.length === 0) return shown;
  return { ...shown, dropInPaths: [...shown.dropInPaths, ...unread].toSorted(byName) };
}

function byName(a: string, b: string): number {
  return nodePath.basename(a) < nodePath.basename(b) ? -1 : 1;
}

function readUnitFiles({ fragmentPath, dropInPaths }: UnitProperties): readonly UnitFile[] {
  const drops = dropInPaths.flatMap((path) => {
    const bytes = readFileIfExists(path);
    return bytes === undefined ? [] : [{ path, text: decodeUnitText(bytes, path) }];
  });
  const path = fragmentPath ?? '';
  return [{ path, text: decodeUnitText(readFile(path), path) }, ...drops];
}

function commandOf(files: readonly UnitFile[], inherited: ReadonlyMap<string, string>): EngineCommand {
  const unit = readServiceUnit(files);
  const texts = unit.environmentFiles.flatMap((path) => {
    const bytes = readFileIfExists(path);
    return bytes === undefined ? [] : [[path, decodeUnitText(bytes, path)] as const];
  });
  return readEngineCommand(unit, { texts: new Map(texts), inherited });
}

/** Every socket that starts the engine is handed over to it, whatever its name. */
async function readSockets(systemd: Systemd, shown: UnitProperties): Promise<HostUnit['socket']> {
  const triggers = (shown.all.get('TriggeredBy')?.[0] ?? '').split(' ');
  const names = new Set([SOCKET, ...triggers.filter((name) => name.endsWith('.socket'))]);
  const sockets: HostUnit['socket'][] = [];
  for (const name of names) sockets.push(await readSocket(systemd, name));
  return sockets.find((socket) => socket !== undefined);
}

async function readSocket(systemd: Systemd, name: string): Promise<HostUnit['socket']> {
  const shown = await systemd.show(name);
  if (shown.loadState !== 'loaded' || shown.fragmentPath === undefined) return undefined;
  const files = readUnitFiles(shown);
  refuseNetworkSocket(files);
  if (activeState(shown) !== 'active') return undefined;
  const listens = [
    ...files
      .map(({ text }) => text)
      .join('\n')
      .matchAll(/^\s*ListenStream\s*=\s*([/%].*)$/gm),
  ];
  const path = listens.at(-1)?.[1]?.trim().replace(/^%t/, '/run');
  return { name, path };
}

/** Does the engine that runs use this machine's network? `undefined`: none runs. */
function nowDetached(): boolean | undefined {
  const running = runningEngines().find(({ unit }) => unit?.name === SERVICE && unit.isUsers);
  return running && !running.isInOwnNetwork;
}

/** The program that could check a configuration: `dockerd-rootless.sh` would start a whole network for that. */
function programOf({ unit, environment }: EngineCommand, { isRootless }: Scope): string {
  const own = unit.program.value.replace(/^[@\-:+!|]*/, '').replace(/ .*$/s, '');
  return isRootless ? (findDockerd(environment.get('PATH')) ?? own) : own;
}

/** moby cmd/dockerd getDefaultDaemonConfigFile: a rootless engine has its file in the user's own configuration. */
function usualConfig({ environment }: EngineCommand, { isRootless }: Scope): string {
  if (!isRootless) return USUAL_CONFIG;
  return defaultConfigPath('linux', Object.fromEntries(environment), { rootless: true });
}
