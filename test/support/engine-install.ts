import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { CACHE } from './cache.ts';

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

/** An engine's own mounts and processes: all of them end with it, however it ends. */
export const NAME_SPACES = ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'] as const;

function unpackedEngine(version: string): EngineInstall | undefined {
  const tree = path.join(CACHE, 'engines', version);
  const dockerd = path.join(tree, 'usr/sbin/dockerd');
  if (!fs.existsSync(dockerd)) return undefined;
  const folders = [path.join(tree, 'usr/sbin'), path.join(tree, 'usr/bin')];
  const actual = fs.readFileSync(path.join(tree, 'VERSION'), 'utf8').trim();
  return { dockerd, path: [...folders, hostPath()].join(':'), version: actual };
}

function installedEngine(): EngineInstall | undefined {
  const dockerd = which('dockerd');
  if (dockerd === undefined) return undefined;
  const said = execFileSync(dockerd, ['--version'], { encoding: 'utf8' });
  return { dockerd, path: hostPath(), version: /version ([^,]+),/u.exec(said)?.[1] ?? said.trim() };
}

/** Every folder in which this machine has programs. The PATH of the tests leads to a few of them only: see `describeNeeding`. */
export function hostPath(): string {
  return process.env['DOCKER_MTLS_TEST_PATH'] ?? process.env['PATH'] ?? '';
}

/** The file of a program of this machine. */
export function which(program: string): string | undefined {
  const files = hostPath()
    .split(':')
    .map((folder) => path.join(folder, program));
  return files.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
