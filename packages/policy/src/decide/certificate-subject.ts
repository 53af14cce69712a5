import type { Subject } from './request.ts';

/** A client by its certificate. */
export type CertificateSubject = Extract<Subject, { kind: 'certificate' }>;

/** What a policy has to know of a certificate, under the names that `@docker-mtls/ca` gives it. */
export type CertificateFacts = {
  readonly subject: { readonly commonName?: string; readonly organizationalUnits: readonly string[] };
  /** As `URI:spiffe://example/a`. */
  readonly otherNames: readonly string[];
  readonly fingerprint: string;
  readonly authorityKeyId: string | undefined;
};

const URI = 'URI:';

/** How a policy sees a certificate: hexadecimal in lower case and without colons. */
export function subjectOfCertificate(facts: CertificateFacts): CertificateSubject {
  const { subject, otherNames, fingerprint, authorityKeyId = '' } = facts;
  return {
    kind: 'certificate',
    commonName: subject.commonName ?? '',
    organizationalUnits: subject.organizationalUnits,
    uris: otherNames.filter((name) => name.startsWith(URI)).map((name) => name.slice(URI.length)),
    fingerprint: hexOf(fingerprint),
    issuer: hexOf(authorityKeyId),
  };
}

/** openssl prints capitals and colons. */
export function hexOf(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}
