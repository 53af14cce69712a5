import path from 'node:path';
import { CACHE } from './cache.ts';
import type { EngineVersion } from './engine-install.ts';
import { run, searchPath, type Finished } from './run.ts';
import { temporaryFolder } from './temp.ts';

/** Which docker CLI, and its home folder; both private to the test unless told. */
export type DockerOptions = {
  readonly version?: EngineVersion;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds, where a minute would not do. */
  readonly timeout?: number;
};

/** Runs a docker CLI that knows nothing but what it is told here: no context, no certificates, no proxy of the developer's. */
export async function docker(args: readonly string[], options: DockerOptions = {}): Promise<Finished> {
  const { version = 'installed', home = temporaryFolder(), env = {}, timeout } = options;
  const own = version === 'installed' ? [] : [path.join(CACHE, 'engines', version, 'usr/bin')];
  return run('docker', args, {
    env: { PATH: searchPath(own), HOME: home, DOCKER_CONFIG: path.join(home, '.docker'), ...env },
    ...(timeout !== undefined && { timeout }),
  });
}
