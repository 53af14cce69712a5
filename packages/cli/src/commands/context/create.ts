import { parseContextName } from '@docker-mtls/bundle';
import type { ContextTls } from '@docker-mtls/bundle';
import { clientTls, createContext, unpackedTls } from '@docker-mtls/context';
import type { ContextClient } from '@docker-mtls/context';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { contextUsage } from '../../client/context-usage.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { withCliSession } from '../../ca/session.ts';
import { UsageError } from '../../command-line/usage-error.ts';
import { clientOf, contextNamed, hostOf } from './words.ts';

/** Makes a context of an engine and a client, of the CA directory or an unpacked bundle; over SSH there is no client. */
export async function createAction(args: Args, io: Io): Promise<Report> {
  const name = parseContextName(contextNamed(args));
  const host = hostOf(args);
  if (host === undefined) throw new UsageError('no engine is named', 'add --for HOST');
  refuseOddClient(args.text('client'), host);
  const tls = await tlsOf(clientOf(args, io), args, io);
  createContext(dockerFolder(io), { name, host, tls, description: args.text('description') ?? '' });
  const json = { context: name, host, client: args.text('client') };
  return { json, text: `Made the context ${name} for ${host}\n${contextUsage(name, io)}` };
}

function refuseOddClient(client: string | undefined, host: string): void {
  const isTcp = host.startsWith('tcp://');
  if (isTcp && client === undefined)
    throw new UsageError('no client is named, and the engine asks for a certificate', 'add --client NAME');
  if (!isTcp && client !== undefined)
    throw new UsageError("only tcp engines ask for a client's certificate", 'omit --client');
}

async function tlsOf(client: ContextClient | undefined, args: Args, io: Io): Promise<ContextTls> {
  if (client === undefined) return {};
  if ('folder' in client) return unpackedTls(client.folder, io.now());
  return withCliSession(args, io, (session) => clientTls(session, client.name));
}
