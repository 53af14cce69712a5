import { parseEngineHost } from '@docker-mtls/bundle/engine-host';
import type { DockerEnvironment } from '@docker-mtls/context/environment';
import type { Args } from '../command-line/args.ts';
import { clientSource } from './client-source.ts';
import type { Io } from '../io/io.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { warnOfDates } from './warn-of-dates.ts';

/** What a docker command needs to use the engine `--for` as the client NAME. */
export async function dockerEnvironmentOf(args: Args, io: Io): Promise<DockerEnvironment> {
  const wanted = args.text('for');
  const named = wanted === undefined ? undefined : parseEngineHost(wanted).url;
  const { folder, host = named } = await clientSource(args, io, named);
  const engine = named ?? host;
  if (engine === undefined) throw new UsageError('no engine is named', 'add --for HOST');
  await warnOfDates(folder, io);
  return { host: engine, certificates: folder };
}

/** docker-compose 1 and docker-py (requests) take these instead of the CA of DOCKER_CERT_PATH. */
export const OTHER_CA_VARIABLES: readonly string[] = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'];
