import type { Certificate, RevocationReason } from '@docker-mtls/ca';
import type { EntryKind, EntryStatus } from '@docker-mtls/registry';
import type { PairFiles } from './pair-folder.ts';

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
  readonly replacedBy?: string;
  readonly revokedAt?: Date;
  readonly revocationReason?: RevocationReason;
  /** The groups that it names: its organizational units. */
  readonly groups: readonly string[];
  certificate(): Certificate;
  /** Where its files are, if they are there. */
  readonly directory?: string | undefined;
  /** Reads them as of one moment, whatever is issued meanwhile. Codes: `FILE_…`. */
  read(): PairFiles;
};
