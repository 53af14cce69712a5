import path from 'node:path';
import type { Args } from '../command-line/args.ts';
import { homeFolder } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';

/** The CA directory: `--ca-dir`, else `$DOCKER_MTLS_CA_DIR`, else the XDG data folder's `docker-mtls`. */
export function caDirectory(args: Args, io: Io): string {
  const named = args.text('ca-dir') ?? nonEmpty(io.env['DOCKER_MTLS_CA_DIR']);
  return named === undefined ? path.join(dataHome(io), 'docker-mtls') : path.resolve(io.cwd, named);
}

// The XDG specification has relative values ignored.
function dataHome(io: Io): string {
  const data = nonEmpty(io.env['XDG_DATA_HOME']);
  if (data !== undefined && path.isAbsolute(data)) return data;
  return path.join(homeFolder(io, 'name a folder with --ca-dir'), '.local', 'share');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
