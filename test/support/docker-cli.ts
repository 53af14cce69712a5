import path from 'node:path';
import { CACHE } from './cache.ts';
import { ENGINE_VERSIONS, type EngineVersion } from './engine-install.ts';
import type { Need } from './needs.ts';
import { run, searchPath, type Finished } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** Which docker CLI, and its home folder; both private to the test unless told. */
export type DockerOptions = {
  readonly version?: EngineVersion;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds, where those of `run` would not do. */
  readonly timeout?: number;
  /** Folders that come first in its PATH, for the programs that it runs. */
  readonly path?: readonly string[];
};

/** Runs a docker CLI that knows nothing but what it is told here: no context, no certificates, no proxy of the developer's. */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<Finished> {
  const { version = 'installed', home = temporaryFolder(), env = {}, timeout, path: first = [] } = options;
  return run('docker', args, {
    env: {
      PATH: searchPath([...first, ...programsOf(version)]),
      HOME: home,
      DOCKER_CONFIG: path.join(home, '.docker'),
      ...env,
    },
    ...(timeout !== undefined && { timeout }),
  });
}

/** Where the docker command of a version is, besides the PATH. */
export function programsOf(version: EngineVersion): readonly string[] {
  return version === 'installed' ? [] : [path.join(CACHE, 'engines', version, 'usr/bin')];
}

/** The docker commands that tests compare with ours. */
export const DOCKER_CLIS: readonly EngineVersion[] = ['installed', ...ENGINE_VERSIONS];

/** What a block declares that runs one of them. */
export function cliNeeds(version: EngineVersion): readonly Need[] {
  return version === 'installed' ? ['docker command'] : [`engine ${version}`];
}
