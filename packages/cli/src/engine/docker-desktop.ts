import fs from 'node:fs';
import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import type { Io } from '../io/io.ts';
import { usualConfig } from './local-engine.ts';
import type { LocalEngine } from './local-engine.ts';

type Exists = (file: string) => boolean;

/**
 * Refuses an engine in a virtual machine: Docker Desktop takes no `hosts` in its settings, opens its ports itself, and
 * knows no TLS on them. A daemon.json that is named for somewhere else is none of its business. Throws
 * `HOST_DOCKER_DESKTOP`.
 */
export async function refuseDesktop(
  engine: LocalEngine,
  io: Io,
  exists: Exists = fs.existsSync,
): Promise<void> {
  const engineIs =
    settingsOf(engine, io) ?? (isUsual(engine, io) ? await desktopHere(engine, io, exists) : undefined);
  if (engineIs === undefined) return;
  throw new MtlsError(
    'HOST_DOCKER_DESKTOP',
    `${engine.config}: ${engineIs}, and its ports and settings are not ours`,
    {
      hint: 'secure an engine on a Linux host and reach it from here (docker-mtls bundle --for HOST, or ssh://USER@HOST); to open this one, run a proxy with TLS in a container in front of its socket; --config FILE writes a file for another machine',
    },
  );
}

/** Docker Desktop keeps the settings of its engine in the home folder of its user. */
function settingsOf({ config }: LocalEngine, io: Io): string | undefined {
  const isOwn = homes(io).some((home) => config === path.join(home, '.docker', 'daemon.json'));
  return isOwn ? 'these are the settings of Docker Desktop' : undefined;
}

function isUsual({ kind, config }: LocalEngine, io: Io): boolean {
  return config === usualConfig(kind, io);
}

async function desktopHere(engine: LocalEngine, io: Io, exists: Exists): Promise<string | undefined> {
  if (io.platform === 'darwin') return onMac(exists);
  if (io.platform === 'win32') return onWindows(io, exists);
  if (engine.kind !== 'system') return undefined;
  return contextOf(io, exists) ?? (await whatItSays(engine));
}

function onMac(exists: Exists): string {
  return exists('/Applications/Docker.app')
    ? 'the engine of this machine is Docker Desktop (/Applications/Docker.app)'
    : 'an engine on macOS runs in a virtual machine';
}

/** An engine of Windows itself may be there as well: then that one is meant, for it is the one with this file. */
function onWindows({ env }: Io, exists: Exists): string | undefined {
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
function contextOf(io: Io, exists: Exists): string | undefined {
  const home = homes(io).find((each) => exists(path.join(each, '.docker', 'desktop')));
  if (home === undefined || currentContext(io, home) !== 'desktop-linux') return undefined;
  return `the engine that ${home} uses is Docker Desktop (the current context is desktop-linux)`;
}

function currentContext({ env }: Io, home: string): unknown {
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
  const { askEngine } = await import('@docker-mtls/engine');
  const info = (await askEngine([{ socketPath: socket }], '/info')) as
    { readonly OperatingSystem?: unknown } | undefined;
  return info?.OperatingSystem === 'Docker Desktop'
    ? `the engine behind ${socket} is Docker Desktop`
    : undefined;
}

function homes({ env }: Io): readonly string[] {
  return [env['HOME'], env['USERPROFILE']].flatMap((home) => (home ? [home] : []));
}
