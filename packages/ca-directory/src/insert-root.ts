import type { Certificate } from '@docker-mtls/ca';
import type { RegistryChange } from '@docker-mtls/registry';

export type NewRoot = { readonly certificate: Certificate; readonly operator: string; readonly now: Date };

/** Puts a certificate of the CA on record: the first, the next of the same key, or that of another key. */
export function insertRoot(change: RegistryChange, { certificate, operator, now }: NewRoot): Promise<void> {
  const { subject, serial } = certificate.info;
  const name = subject.commonName ?? serial;
  return change.insertCertificate({ certificate, kind: 'ca', name, operator, now });
}
