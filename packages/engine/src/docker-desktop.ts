import fs from 'node:fs';
import path from 'node:path';
import { HostError } from './host-error.ts';
import { askEngine } from './engine-api.ts';
import { usualConfig } from './local-engine.ts';
import type { LocalEngine, Machine } from './local-engine.ts';

type Exists = (file: string) => boolean;

/**
 * Refuses an engine in a virtual machine: Docker Desktop takes no `hosts` in its settings, opens its ports itself, and
 * knows no TLS on them. A daemon.json that is named for somewhere else is none of its business. Throws
 * `HOST_DOCKER_DESKTOP`.
 */
export async function refuseDesktop(engine: LocalEngine, exists: Exists = fs.existsSync): Promise<void> {
  const engineIs = settingsOf(engine) ?? (isUsual(engine) ? await desktopHere(engine, exists) : undefined);
  if (engineIs === undefined) return;
  throw new HostError(
    'HOST_DOCKER_DESKTOP',
    `${engine.config}: ${engineIs}, which manages its ports and settings itself`,
    {
      hint: 'secure an engine on a Linux host and reach it from here (docker-mtls bundle --for HOST, or ssh://USER@HOST); to open this one, run a proxy with TLS in a container in front of its socket; --config FILE writes a file for another machine',
    },
  );
}

/** Docker Desktop keeps the settings of its engine in the home folder of its user. */
function settingsOf({ config, machine }: LocalEngine): string | undefined {
  const isOwn = homes(machine).some((home) => config === path.join(home, '.docker', 'daemon.json'));
  return isOwn ? 'these are the settings of Docker Desktop' : undefined;
}

function isUsual({ kind, config, machine }: LocalEngine): boolean {
  return config === usualConfig(kind, machine);
}

async function desktopHere(engine: LocalEngine, exists: Exists): Promise<string | undefined> {
  const { machine } = engine;
  if (machine.platform === 'darwin') return onMac(exists);
  if (machine.platform === 'win32') return onWindows(machine, exists);
  if (engine.kind !== 'system') return undefined;
  return contextOf(machine, exists) ?? (await whatItSays(engine));
}

function onMac(exists: Exists): string {
  return exists('/Applications/Docker.app')
    ? 'the engine of this machine is Docker Desktop (/Applications/Docker.app)'
    : 'an engine on macOS runs in a virtual machine';
}

/** An engine of Windows itself may be there as well: then that one is meant, for it is the one with this file. */
function onWindows({ env }: Machine, exists: Exists): string | undefined {
  const programs = env['ProgramFiles'] ?? 'C:\\Program Files';
  const desktop = `${programs}\\Docker\\Docker\\Docker Desktop.exe`;
  const own = [
    `${programs}\\Docker\\dockerd.exe`,
    `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\dockerd.exe`,
  ];
  if (!exists(desktop) || own.some((file) => exists(file))) return undefined;
  return `the engine of this machine is Docker Desktop (${desktop})`;
}

/** Docker Desktop for Linux makes its context the current one of its user. */
function contextOf(machine: Machine, exists: Exists): string | undefined {
  const home = homes(machine).find((each) => exists(path.join(each, '.docker', 'desktop')));
  if (home === undefined || currentContext(machine, home) !== 'desktop-linux') return undefined;
  return `the engine that ${home} uses is Docker Desktop (the current context is desktop-linux)`;
}

function currentContext({ env }: Machine, home: string): unknown {
  if (env['DOCKER_CONTEXT'] !== undefined) return env['DOCKER_CONTEXT'];
  try {
    const text = fs.readFileSync(
      path.join(env['DOCKER_CONFIG'] ?? path.join(home, '.docker'), 'config.json'),
      'utf8',
    );
    return (JSON.parse(text) as { readonly currentContext?: unknown } | null)?.currentContext;
  } catch {
    return undefined;
  }
}

/** In a Linux of Windows, the local socket leads to the engine of Docker Desktop. */
async function whatItSays({ localSocket }: LocalEngine): Promise<string | undefined> {
  const socket = localSocket.replace('unix://', '');
  if (!fs.existsSync(socket)) return undefined;
  const info = (await askEngine([{ socketPath: socket }], '/info')) as
    { readonly OperatingSystem?: unknown } | undefined;
  return info?.OperatingSystem === 'Docker Desktop'
    ? `the engine behind ${socket} is Docker Desktop`
    : undefined;
}

function homes({ env }: Machine): readonly string[] {
  return [env['HOME'], env['USERPROFILE']].flatMap((home) => (home ? [home] : []));
}
