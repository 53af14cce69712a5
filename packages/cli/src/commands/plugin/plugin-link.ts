import path from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import { lstatIfExists } from '@docker-mtls/files';
import type { Args } from '../../command-line/args.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';

/** The first of the folders that the Docker CLI looks in for every user: docker/cli cli-plugins/manager/manager_unix.go. */
const SYSTEM_FOLDER = '/usr/local/lib/docker/cli-plugins';

/** Where the link to this program is, or is to be. */
export function linkOf(args: Args, io: Io): string {
  if (io.platform === 'win32')
    throw new MtlsError('PLUGIN_UNSUPPORTED', 'Docker on Windows runs only plugins that are .exe files', {
      hint: 'use docker-mtls as a command of its own',
    });
  return path.join(args.flag('system') === true ? systemFolder(io) : userFolder(io), 'docker-mtls');
}

function systemFolder({ uid }: Io): string {
  if (uid !== 0)
    throw new UsageError('--system changes a folder of root', 'run it as root, or omit --system');
  return SYSTEM_FOLDER;
}

function userFolder(io: Io): string {
  return path.resolve(io.cwd, dockerFolder(io), 'cli-plugins');
}

/** A plugin that is a file was put there by another program or person: it is neither replaced nor removed. */
export function requireLink(link: string): { readonly isThere: boolean } {
  const stats = lstatIfExists(link);
  if (stats === undefined) return { isThere: false };
  if (stats.isSymbolicLink()) return { isThere: true };
  throw new MtlsError('PLUGIN_EXISTS', `${link} already exists and is not a link`, {
    hint: 'remove it first if it is no longer needed',
  });
}
