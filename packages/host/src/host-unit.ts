import fs from 'node:fs';
import { readFile, readFileIfExists } from '@docker-mtls/files';
import { readEngineCommand, readServiceUnit, refuseNetworkSocket } from '@docker-mtls/daemon-config';
import type { EngineCommand, UnitFile, UnitProperties } from '@docker-mtls/daemon-config';
import type { Run } from './run-program.ts';
import { activeState, invocationOf, isStale, systemdOf } from './systemd.ts';
import type { Systemd } from './systemd.ts';

/** The engine of this machine, as its service manager runs it. */
export type HostUnit = {
  readonly name: string;
  readonly systemd: Systemd;
  /** The unit, then its drop-ins in systemd's order. */
  readonly files: readonly UnitFile[];
  /** Where a drop-in of ours belongs. */
  readonly folder: string;
  readonly command: EngineCommand;
  /** The engine's program, without systemd's prefixes. */
  readonly program: string;
  /** The daemon.json that this engine reads. */
  readonly config: string;
  readonly isActive: boolean;
  /** Which start of the engine this is. */
  readonly invocation: string;
  /** The unit that holds the engine's socket for it, when it is at work, and where that socket is. */
  readonly socket: { readonly name: string; readonly path: string | undefined } | undefined;
};

export const SERVICE = 'docker.service';
export const SOCKET = 'docker.socket';
const USUAL_CONFIG = '/etc/docker/daemon.json';
const ADMINISTRATORS = '/etc/systemd/system';

/** As sd_booted(3) has it: is systemd what started this machine? */
export function isBooted(): boolean {
  return fs.lstatSync('/run/systemd/system', { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Reads how systemd starts the engine; `undefined` when it does not. With `fresh`, systemd first reads unit files
 * that changed since it last did. Throws `DAEMON_CONFIG_UNIT` for a unit that cannot be understood, or a
 * docker.socket that is open to the network, and `HOST_SYSTEMCTL`.
 */
export async function readHostUnit(
  run: Run,
  { fresh = false, units = ADMINISTRATORS }: { fresh?: boolean; units?: string } = {},
): Promise<HostUnit | undefined> {
  const systemd = systemdOf(run);
  const shown = await showFresh(systemd, SERVICE, fresh);
  if (shown.loadState !== 'loaded' || shown.fragmentPath === undefined) return undefined;
  const files = readUnitFiles(shown);
  const command = commandOf(files);
  return {
    name: SERVICE,
    systemd,
    files,
    folder: `${units}/${SERVICE}.d`,
    command,
    program: command.unit.program.value.replace(/^[@\-:+!|]*/, '').replace(/ .*$/s, ''),
    config: command.configFile ?? USUAL_CONFIG,
    isActive: activeState(shown) === 'active',
    invocation: invocationOf(shown),
    socket: await readSocket(systemd),
  };
}

async function showFresh(systemd: Systemd, unit: string, fresh: boolean): Promise<UnitProperties> {
  const shown = await systemd.show(unit);
  if (!fresh || !isStale(shown)) return shown;
  await systemd.daemonReload();
  return systemd.show(unit);
}

function readUnitFiles({ fragmentPath, dropInPaths }: UnitProperties): readonly UnitFile[] {
  const drops = dropInPaths.flatMap((path) => {
    const bytes = readFileIfExists(path);
    return bytes === undefined ? [] : [{ path, text: bytes.toString('utf8') }];
  });
  const path = fragmentPath ?? '';
  return [{ path, text: readFile(path).toString('utf8') }, ...drops];
}

function commandOf(files: readonly UnitFile[]): EngineCommand {
  const unit = readServiceUnit(files);
  const texts = unit.environmentFiles.flatMap(({ path }) => {
    const bytes = readFileIfExists(path);
    return bytes === undefined ? [] : [[path, bytes.toString('utf8')] as const];
  });
  return readEngineCommand(unit, new Map(texts));
}

async function readSocket(systemd: Systemd): Promise<HostUnit['socket']> {
  const shown = await systemd.show(SOCKET);
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
  return { name: SOCKET, path };
}
