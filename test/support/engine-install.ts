import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from './cache.ts';
import { searchPath } from './run.ts';

/** The generations of the engine that are tested, oldest first. `scripts/fetch-engines` unpacks each. */
export const ENGINE_VERSIONS = ['20.10', '26.1', '28.5'] as const;

/** A generation, or whatever is installed on this machine. */
export type EngineVersion = (typeof ENGINE_VERSIONS)[number] | 'installed';

/** An engine's programs: its dockerd, and the PATH on which it finds its own containerd before any other. */
export type EngineInstall = { readonly dockerd: string; readonly path: string; readonly version: string };

/** Finds the programs of an engine, or undefined when they are not here. */
export function findEngine(version: EngineVersion): EngineInstall | undefined {
  return version === 'installed' ? installedEngine() : unpackedEngine(version);
}

/**
 * Why an engine cannot be started here, in words that tell what to do; undefined when it can.
 * A dockerd wants root and name spaces; anything else it lacks shows only when it starts.
 */
export function engineObstacle(version: EngineVersion): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  if (findEngine(version) === undefined) return missing(version);
  if (!fs.existsSync(which('runc') ?? '')) return 'no runc (apt-get install runc)';
  return nameSpaceObstacle();
}

function missing(version: EngineVersion): string {
  return version === 'installed' ? 'no dockerd' : `no engine ${version} (scripts/fetch-engines)`;
}

let nameSpaces: { readonly obstacle: string | undefined } | undefined;

function nameSpaceObstacle(): string | undefined {
  nameSpaces ??= tryNameSpaces();
  return nameSpaces.obstacle;
}

function tryNameSpaces(): { readonly obstacle: string | undefined } {
  const { status, stderr } = spawnSync('unshare', [...NAME_SPACES, 'true'], { encoding: 'utf8' });
  return { obstacle: status === 0 ? undefined : `no name spaces here (${String(stderr).trim()})` };
}

/** An engine's own mounts and processes: all of them end with it, however it ends. */
export const NAME_SPACES = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'] as const;

function unpackedEngine(version: string): EngineInstall | undefined {
  const tree = path.join(CACHE, 'engines', version);
  const dockerd = path.join(tree, 'usr/sbin/dockerd');
  if (!fs.existsSync(dockerd)) return undefined;
  const folders = [path.join(tree, 'usr/sbin'), path.join(tree, 'usr/bin')];
  const actual = fs.readFileSync(path.join(tree, 'VERSION'), 'utf8').trim();
  return { dockerd, path: searchPath(folders), version: actual };
}

function installedEngine(): EngineInstall | undefined {
  const dockerd = which('dockerd');
  if (dockerd === undefined) return undefined;
  const said = execFileSync(dockerd, ['--version'], { encoding: 'utf8' });
  return { dockerd, path: searchPath(), version: /version ([^,]+),/u.exec(said)?.[1] ?? said.trim() };
}

/** The file that a name on the PATH stands for. */
export function which(program: string): string | undefined {
  const files = searchPath()
    .split(':')
    .map((folder) => path.join(folder, program));
  return files.find((file) => fs.existsSync(file));
}

/** Why a program of a Debian package cannot be run here; undefined when it can. */
export function programObstacle(program: string, debianPackage: string = program): string | undefined {
  return which(program) === undefined ? `no ${program} (apt-get install ${debianPackage})` : undefined;
}
