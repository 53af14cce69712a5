import type { Subject } from './request.ts';

/** A client by its certificate. */
export type CertificateSubject = Extract<Subject, { kind: 'certificate' }>;

/** As policies compare it: openssl prints hexadecimal in capitals and with colons. */
export function plainHex(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}
