import path from 'node:path';
import type { Args } from './args.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** The CA directory: `--ca-dir`, else `$DOCKER_MTLS_CA_DIR`, else the XDG data folder's `docker-mtls`. */
export function caDirectory(args: Args, io: Io): string {
  const named = args.text('ca-dir') ?? nonEmpty(io.env['DOCKER_MTLS_CA_DIR']);
  return named === undefined ? path.join(dataHome(io), 'docker-mtls') : path.resolve(io.cwd, named);
}

// The XDG specification has relative values ignored.
function dataHome({ env }: Io): string {
  const data = nonEmpty(env['XDG_DATA_HOME']);
  if (data !== undefined && path.isAbsolute(data)) return data;
  const home = nonEmpty(env['HOME']) ?? nonEmpty(env['USERPROFILE']);
  if (home === undefined)
    throw new UsageError('no home directory: $HOME is not set', 'name a folder with --ca-dir');
  return path.join(home, '.local', 'share');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
