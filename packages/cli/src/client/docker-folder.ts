import { dockerConfigDirectory } from '@docker-mtls/context/client-source';
import { homeFolder, ifHome } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';

/** The folder of the Docker CLI's configuration. */
export function dockerFolder(io: Io): string {
  const { env } = io;
  return dockerConfigDirectory(env, env['DOCKER_CONFIG'] ? '' : homeFolder(io, 'set DOCKER_CONFIG'));
}

/** A service may have none, and no contexts then. */
export function dockerFolderIfAny(io: Io): string | undefined {
  return ifHome(() => dockerFolder(io));
}
