import { hasCa } from '@docker-mtls/authority';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { hasCode } from '@docker-mtls/errors';
import type { CertificateSubject } from '@docker-mtls/policy';
import { caDirectory } from '../ca/ca-directory.ts';
import { withCliSession } from '../ca/session.ts';
import type { Args } from '../command-line/args.ts';
import type { Io } from '../io/io.ts';
import { subjectOfCertificate } from './certificate-subject.ts';

export type RegisteredClient = { readonly entry: Entry; readonly subject: CertificateSubject };

/** The clients of the CA directory. Undefined: there is none here, and none is named. */
export async function registeredClients(
  args: Args,
  io: Io,
): Promise<readonly RegisteredClient[] | undefined> {
  if (args.text('ca-dir') === undefined && !(await hasCaHere(args, io))) return undefined;
  return withCliSession(args, io, async ({ reader }) => clientsOf(reader, io.now()));
}

/** Those whose certificate an engine would accept now. */
export async function clientsOf(reader: StoreReader, now: Date): Promise<readonly RegisteredClient[]> {
  const entries = await reader.entries({ kind: 'client' });
  return entries
    .filter(({ status, notAfter }) => status === 'current' && notAfter > now)
    .map((entry) => ({ entry, subject: subjectOfCertificate(entry.certificate()) }));
}

/** A service may have no home, and no CA directory then. */
async function hasCaHere(args: Args, io: Io): Promise<boolean> {
  try {
    return await hasCa(caDirectory(args, io));
  } catch (error) {
    if (hasCode(error, 'USAGE')) return false;
    throw error;
  }
}
