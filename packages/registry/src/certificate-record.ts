import type { Certificate, RevocationReason } from '@docker-mtls/ca';

export type LeafKind = 'server' | 'client';
export type EntryKind = 'ca' | LeafKind | 'probe';

export type EntryStatus = 'current' | 'replaced' | 'revoked';

/** A certificate that is to be recorded. */
export type NewCertificate = {
  readonly certificate: Certificate;
  readonly kind: EntryKind;
  readonly name: string;
  /** Where it is published, and the form of that which must be unique among those in force. */
  readonly folder?: string;
  readonly folderKey?: string;
  readonly operator: string;
  readonly now: Date;
};

/** A certificate on record. */
export type CertificateRecord = {
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly kind: EntryKind;
  readonly name: string;
  readonly folder: string | undefined;
  readonly folderKey: string | undefined;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly keyType: string;
  readonly keyId: string | undefined;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly der: Buffer;
  readonly issuedAt: Date;
  readonly issuedBy: string;
  readonly status: EntryStatus;
  readonly replacedAt: Date | undefined;
  readonly replacedBy: string | undefined;
  readonly revokedAt: Date | undefined;
  readonly revocationReason: RevocationReason | undefined;
};

/** A part of what has an order: what comes after `after`, and how many at most. */
export type Page = { readonly after: string; readonly size: number };

export type EntryFilter = {
  readonly kind?: EntryKind;
  readonly name?: string;
  /** As `name`, of many. */
  readonly names?: readonly string[];
  /** Any of these; no index helps to find them. */
  readonly fingerprints?: readonly string[];
  /** Also those that were replaced or revoked. Probes are found by their kind alone. */
  readonly all?: boolean;
  /** Only those that end by then. */
  readonly endingBy?: Date;
  /** A page of what is left, by name: of one kind and in force. */
  readonly page?: Page;
};
