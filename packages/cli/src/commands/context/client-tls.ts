import path from 'node:path';
import { inPlace, lostKeyHint, refuseOutOfDate, requireCurrent } from '@docker-mtls/authority';
import { clientFiles } from '@docker-mtls/authority/archives';
import { parseClientName } from '@docker-mtls/ca';
import { verifyFiles } from '@docker-mtls/bundle';
import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import { MtlsError } from '@docker-mtls/errors';
import { readFile } from '@docker-mtls/files';
import type { Entry } from '@docker-mtls/ca-directory';
import type { CliSession } from '../../ca/session.ts';
import { requireUnpacked } from '../../client/unpacked-source.ts';
import { contextTls, hasOtherCa } from '../../client/docker-contexts.ts';
import { outdatedEntry } from './issued-entry.ts';

/** What a context takes of the client that `--client` names. Codes: `NOT_ISSUED`, `PAIR_EXPIRED`, `PAIR_NOT_YET_VALID`, `CONTEXT_KEY_ELSEWHERE`. */
export async function clientTls(session: CliSession, client: string): Promise<Required<ContextTls>> {
  const current = await requireCurrent(session.reader, 'client', parseClientName(client));
  const entry = await inPlace(session, current);
  refuseOutOfDate(entry, session.io.now());
  return entryTls(entry);
}

/**
 * The same of a folder that a bundle was unpacked to: a laptop has no CA directory. Codes: `PAIR_MISSING`, and those of
 * `verifyFiles`.
 */
export function unpackedTls(directory: string, now: Date): Required<ContextTls> {
  const { folder } = requireUnpacked(directory);
  const read = (name: string): Buffer => readFile(path.join(folder, name));
  const raw = { ca: read('ca.pem'), certificate: read('cert.pem'), key: read('key.pem') };
  const { key, ...files } = verifyFiles(raw, { now }).files;
  if (key === undefined) throw new Error('a key was verified, and is not among the files');
  return contextTls({ ...files, key });
}

function entryTls(entry: Entry): Required<ContextTls> {
  const { key, ...files } = clientFiles(entry);
  if (key !== undefined) return contextTls({ ...files, key });
  throw new MtlsError('CONTEXT_KEY_ELSEWHERE', `the key of ${JSON.stringify(entry.name)} is not here`, {
    hint: `docker-mtls bundle packs the certificates; where the key is, run docker-mtls unbundle FILE --key KEYFILE --install; ${lostKeyHint(entry)}`,
  });
}

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
