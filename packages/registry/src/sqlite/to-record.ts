import type { RevocationReason } from '@docker-mtls/ca';
import type { CertificateRecord, EntryKind, EntryStatus } from '../certificate-record.ts';
import { RegistryError, RESTORE_HINT } from '../error.ts';
import { asBytes } from './sqlite.ts';
import type { SqlRow } from './sqlite.ts';

/** A row of `certificates`. Of a hundred thousand, few are asked for their bytes. Code: `REGISTRY_CORRUPT`. */
export function toRecord(row: SqlRow): CertificateRecord {
  return {
    serial: String(row['serial']),
    kind: String(row['kind']) as EntryKind,
    name: String(row['name']),
    folder: orUndefined(row['folder'], String),
    folderKey: orUndefined(row['folder_key'], String),
    notBefore: asDate(row['not_before']),
    notAfter: asDate(row['not_after']),
    keyType: String(row['key_type']),
    keyId: orUndefined(row['key_id'], String),
    fingerprint: String(row['fingerprint']),
    get der() {
      return asBytes(row['der']);
    },
    issuedAt: asDate(row['issued_at']),
    issuedBy: String(row['issued_by']),
    status: String(row['status']) as EntryStatus,
    replacedAt: orUndefined(row['replaced_at'], asDate),
    replacedBy: orUndefined(row['replaced_by'], String),
    revokedAt: orUndefined(row['revoked_at'], asDate),
    revocationReason: orUndefined(row['revocation_reason'], String) as RevocationReason | undefined,
  };
}

function orUndefined<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === null ? undefined : read(value);
}

/** A damaged registry may hold anything. */
function asDate(value: unknown): Date {
  const date = new Date(String(value));
  if (!Number.isNaN(date.getTime())) return date;
  throw new RegistryError('REGISTRY_CORRUPT', 'the registry holds a date that is none', {
    hint: RESTORE_HINT,
  });
}
