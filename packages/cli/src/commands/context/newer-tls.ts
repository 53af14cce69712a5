import { inPlace } from '@docker-mtls/authority';
import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import type { CliSession } from '../../ca/session.ts';
import { hasOtherCa } from '../../client/docker-contexts.ts';
import { entryTls } from './client-tls.ts';
import { outdatedEntry } from './issued-entry.ts';

/**
 * The files of the client's certificate in use. A context that verifies its engine by another CA keeps its ca.pem: a new
 * client certificate changes nothing about the engine.
 */
export async function newerTls(
  session: CliSession,
  context: DockerContext,
): Promise<Required<ContextTls> | undefined> {
  const entry = await outdatedEntry(session.reader, context);
  if (entry === undefined) return undefined;
  const tls = entryTls(await inPlace(session, entry));
  return { ...tls, ca: hasOtherCa(context, tls) ? (context.tls.ca ?? tls.ca) : tls.ca };
}
