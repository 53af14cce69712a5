import { parseEngineHost } from '@docker-mtls/bundle';
import type { DockerEnvironment } from '@docker-mtls/context';
import type { Args } from '../command-line/args.ts';
import { clientFolder } from './client-folder.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../command-line/usage-error.ts';

/** What a docker command needs to use the engine `--for` as the client NAME. */
export function dockerEnvironmentOf(args: Args, io: Io): DockerEnvironment {
  const host = args.text('for');
  if (host === undefined) throw new UsageError('no engine is named', 'add --for HOST');
  return { host: parseEngineHost(host).url, certificates: clientFolder(args, io) };
}
