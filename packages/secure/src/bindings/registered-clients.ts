import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import type { CertificateSubject } from '@docker-mtls/policy';
import { subjectOfCertificate } from './certificate-subject.ts';

/** A client of a CA directory, as a policy sees it. */
export type RegisteredClient = { readonly entry: Entry; readonly subject: CertificateSubject };

/** Those whose certificate an engine would accept now. */
export async function clientsOf(reader: StoreReader, now: Date): Promise<readonly RegisteredClient[]> {
  const entries = await reader.entries({ kind: 'client' });
  return entries.filter((entry) => isClientInForce(entry, now)).map(registered);
}

export function isClientInForce({ kind, status, notAfter }: Entry, now: Date): boolean {
  return kind === 'client' && status === 'current' && notAfter > now;
}

export function registered(entry: Entry): RegisteredClient {
  return { entry, subject: subjectOfCertificate(entry.certificate()) };
}
