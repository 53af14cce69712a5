import { dockerConfigDirectory } from '@docker-mtls/context';
import { hasCode } from '@docker-mtls/errors';
import { homeFolder } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';

/** The folder of the Docker CLI's configuration. */
export function dockerFolder(io: Io): string {
  const { env } = io;
  return dockerConfigDirectory(env, env['DOCKER_CONFIG'] ? '' : homeFolder(io, 'set DOCKER_CONFIG'));
}

/** A service may have no home, and no contexts then: that is no fault. */
export function dockerFolderIfAny(io: Io): string | undefined {
  try {
    return dockerFolder(io);
  } catch (error) {
    if (hasCode(error, 'USAGE')) return undefined;
    throw error;
  }
}
