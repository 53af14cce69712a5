import type { Certificate } from '@docker-mtls/ca';
import type { EntryKind } from './layout.ts';

export type EntryStatus = 'current' | 'replaced' | 'revoked';

/** What the registry knows of one certificate. */
export type Entry = {
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly kind: EntryKind;
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly issuedAt: Date;
  readonly issuedBy: string;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly keyType: string;
  readonly status: EntryStatus;
  readonly replacedAt?: Date;
  readonly replacedBy?: string;
  certificate(): Certificate;
  /** Where its files are, if they are there. */
  readonly directory?: string;
  /** Reads one of them, by its path, with no more rights than the owner of the CA directory has. Codes: `FILE_…`. */
  read(path: string): Buffer;
};

export type EntryFilter = {
  readonly kind?: EntryKind;
  readonly name?: string;
  /** Also those that were replaced or revoked, and probes. */
  readonly all?: boolean;
};
