import { createHash } from 'node:crypto';
import type { Certificate, RevocationReason, RevokedCertificate } from '@docker-mtls/ca';
import type { Connection } from './connection.ts';
import { SCHEMA_WITH_REVOCATIONS, schemaVersion } from './schema.ts';
import type { SqlRow } from './sqlite.ts';

/** What the registry knows of a revoked certificate. */
export type Revocation = {
  readonly serial: string;
  readonly revokedAt: Date;
  readonly revokedBy: string;
  readonly reason: RevocationReason;
};

export type NewRevocation = Revocation & {
  /** Key identifier of the CA whose list it goes into; where that is not known, it goes into all of them. */
  readonly issuer?: string | undefined;
  /** Absent where the serial number is all that is known: such an entry stays on the list. */
  readonly certificate?: Certificate | undefined;
};

/** Of a certificate that nothing but its serial number is known of. */
const ANY_ISSUER = '';

export function insertRevocation(registry: Connection, revocation: NewRevocation): void {
  const { serial, issuer, certificate, revokedAt, revokedBy, reason } = revocation;
  registry.run(
    `INSERT INTO revocations (serial, issuer, not_after, public_key, revoked_at, revoked_by, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    serial,
    issuer ?? ANY_ISSUER,
    certificate?.info.notAfter.toISOString() ?? null,
    certificate === undefined ? null : keyDigest(certificate.info.publicKey),
    revokedAt.toISOString(),
    revokedBy,
    reason,
  );
}

/** A reason may turn out worse later on. */
export function updateReason(registry: Connection, serial: string, reason: RevocationReason): void {
  registry.run('UPDATE revocations SET reason = ? WHERE serial = ?', reason, serial);
}

/** The certificate of an entry has come to light. What is known of one does not change. */
export function completeRevocation(registry: Connection, { info }: Certificate): void {
  registry.run(
    'UPDATE revocations SET not_after = ?, public_key = ? WHERE serial = ? AND public_key IS NULL',
    info.notAfter.toISOString(),
    keyDigest(info.publicKey),
    info.serial,
  );
}

/** A registry of a release that could not revoke has none. */
export function findRevocation(registry: Connection, serial: string): Revocation | undefined {
  if (schemaVersion(registry) < SCHEMA_WITH_REVOCATIONS) return undefined;
  const [row] = registry.all('SELECT * FROM revocations WHERE serial = ?', serial);
  return row === undefined ? undefined : toRevocation(row);
}

/** Was a certificate of this key revoked because others have the key? */
export function isCompromised(registry: Connection, publicKey: Buffer): boolean {
  const where = `public_key = ? AND reason = 'keyCompromise'`;
  return registry.all(`SELECT 1 FROM revocations WHERE ${where} LIMIT 1`, keyDigest(publicKey)).length > 0;
}

/** The entries of a CA's list: what had not ended by `since`, and what has no known end. */
export function selectRevoked(registry: Connection, issuer: string, since: Date): RevokedCertificate[] {
  const rows = registry.all(
    `SELECT serial, revoked_at, reason FROM revocations
     WHERE issuer IN (?, ?) AND (not_after IS NULL OR not_after >= ?) ORDER BY rowid`,
    issuer,
    ANY_ISSUER,
    since.toISOString(),
  );
  return rows.map((row) => ({
    serial: String(row['serial']),
    revokedAt: new Date(String(row['revoked_at'])),
    reason: String(row['reason']) as RevocationReason,
  }));
}

function toRevocation(row: SqlRow): Revocation {
  return {
    serial: String(row['serial']),
    revokedAt: new Date(String(row['revoked_at'])),
    revokedBy: String(row['revoked_by']),
    reason: String(row['reason']) as RevocationReason,
  };
}

function keyDigest(publicKey: Buffer): string {
  return createHash('sha256').update(publicKey).digest('hex');
}
