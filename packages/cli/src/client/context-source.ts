import {
  certificateFolder,
  contextClient,
  isTcpHost,
  listContexts,
} from '@docker-mtls/context/client-source';
import type { ClientSource, StoredContext } from '@docker-mtls/context/client-source';
import { quote } from '@docker-mtls/errors';
import { UsageError } from '../command-line/usage-error.ts';
import type { Io } from '../io/io.ts';
import { dockerFolderIfAny } from './docker-folder.ts';

/** The context of that name, or the one of the client for the engine. */
export function contextSource(name: string, host: string | undefined, io: Io): ClientSource | undefined {
  const directory = dockerFolderIfAny(io);
  if (directory === undefined) return undefined;
  const usable = listContexts(directory).contexts.filter(
    (context) => hasAllFiles(context) && (host === undefined || context.host === host),
  );
  const named = usable.find((context) => context.name === name);
  const clients = usable.filter(({ tls }) => contextClient(tls) === name);
  const [chosen, other] = named === undefined ? clients : [named];
  if (chosen === undefined) return undefined;
  if (other !== undefined && other.host !== chosen.host)
    throw new UsageError(`${quote(name)} has contexts for several engines`, 'add --for HOST');
  return { folder: certificateFolder(directory, chosen.name), host: chosen.host };
}

function hasAllFiles({ host, tls }: StoredContext): boolean {
  const { ca, certificate, key } = tls;
  return isTcpHost(host) && ca !== undefined && certificate !== undefined && key !== undefined;
}
