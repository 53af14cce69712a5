import { inPlace, lostKeyHint, refuseOutOfDate, requireCurrent } from '@docker-mtls/authority';
import { clientFiles } from '@docker-mtls/authority/archives';
import type { Session } from '@docker-mtls/authority';
import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import { parseClientName } from '@docker-mtls/ca';
import type { Entry } from '@docker-mtls/ca-directory';
import { hasOtherCa } from '../check/context-roots.ts';
import { ContextError } from '../error.ts';
import { contextTls } from '../store/install-context.ts';
import { outdatedEntry } from './issued-entry.ts';

/** What a context takes of a client. Codes: `NOT_ISSUED`, `PAIR_EXPIRED`, `PAIR_NOT_YET_VALID`, `CONTEXT_KEY_ELSEWHERE`. */
export async function clientTls(session: Session, client: string): Promise<Required<ContextTls>> {
  const current = await requireCurrent(session.reader, 'client', parseClientName(client));
  const entry = await inPlace(session, current);
  refuseOutOfDate(entry, session.caller.now());
  return entryTls(entry);
}

function entryTls(entry: Entry): Required<ContextTls> {
  const { key, ...files } = clientFiles(entry);
  if (key !== undefined) return contextTls({ ...files, key });
  throw new ContextError('CONTEXT_KEY_ELSEWHERE', `the key of ${JSON.stringify(entry.name)} is not here`, {
    hint: `docker-mtls bundle packs the certificates; where the key is, run docker-mtls unbundle FILE --key KEYFILE --install; ${lostKeyHint(entry)}`,
  });
}

/**
 * The files of the client's certificate in use. A context that verifies its engine by another CA keeps its ca.pem: a new
 * client certificate changes nothing about the engine.
 */
export async function newerTls(
  session: Session,
  context: DockerContext,
): Promise<Required<ContextTls> | undefined> {
  const entry = await outdatedEntry(session.reader, context);
  if (entry === undefined) return undefined;
  const tls = entryTls(await inPlace(session, entry));
  return { ...tls, ca: hasOtherCa(context, tls) ? (context.tls.ca ?? tls.ca) : tls.ca };
}
