import type { Connection } from './connection.ts';
import { SCHEMA_WITH_AUTHORITIES, schemaVersion } from './schema.ts';
import { asBytes } from './sqlite.ts';
import type { SqlRow } from './sqlite.ts';

/** How far a key of the CA has come: trusted before it signs; signing; trusted until what it has signed is gone; no more. */
export type AuthorityState = 'prepared' | 'signing' | 'retiring' | 'retired';

/** A key of the CA. Its certificate in force is the current one with that key identifier. */
export type AuthorityRecord = {
  readonly keyId: string;
  readonly state: AuthorityState;
  /** When it came into that state. */
  readonly since: Date;
  /** The name of its key file. */
  readonly keyFile: string;
};

/** A key that is trusted, with its CA certificate in force. */
export type TrustedRecord = AuthorityRecord & { readonly der: Buffer };

export function insertAuthority(
  registry: Connection,
  { keyId, state, since, keyFile }: AuthorityRecord,
): void {
  registry.run(
    'INSERT INTO authorities (key_id, state, key_file, changed_at) VALUES (?, ?, ?, ?)',
    keyId,
    state,
    keyFile,
    since.toISOString(),
  );
}

/** Every key that the CA has had; none in a registry of an earlier schema. */
export function selectAuthorities(registry: Connection): readonly AuthorityRecord[] {
  if (schemaVersion(registry) < SCHEMA_WITH_AUTHORITIES) return [];
  return registry.all('SELECT * FROM authorities').map(toRecord);
}

/**
 * The keys that are trusted, each with its CA certificate in force (DER), that with the newest one first: as of one moment,
 * which two looks would not be. None in a registry of an earlier schema.
 */
export function selectTrusted(registry: Connection): readonly TrustedRecord[] {
  if (schemaVersion(registry) < SCHEMA_WITH_AUTHORITIES) return [];
  return registry
    .all(
      `SELECT authorities.*, der FROM certificates JOIN authorities
       ON authorities.key_id = coalesce(certificates.key_id, serial)
       WHERE kind = 'ca' AND status = 'current' ORDER BY issued_at DESC, certificates.rowid DESC`,
    )
    .map((row) => ({ ...toRecord(row), der: asBytes(row['der']) }));
}

function toRecord(row: SqlRow): AuthorityRecord {
  return {
    keyId: String(row['key_id']),
    state: String(row['state']) as AuthorityState,
    since: new Date(String(row['changed_at'])),
    keyFile: String(row['key_file']),
  };
}

/** Records, in the transaction of a change of the trusted roots, that the copies of ca.pem have to follow. */
export function oweRoots(registry: Connection): void {
  registry.run('INSERT OR REPLACE INTO roots_due (id) VALUES (1)');
}

/** Has a change of the trusted roots been recorded, and not reached every copy, because a command was killed? */
export function areRootsDue(registry: Connection): boolean {
  return registry.all('SELECT 1 FROM roots_due').length > 0;
}

/** Every copy of ca.pem is up to date. */
export function rootsAreOut(registry: Connection): void {
  registry.run('DELETE FROM roots_due');
}

/** The number that the next revocation list of a CA is above, whatever lists are on record. */
export function findListNumber(registry: Connection, issuer: string): bigint {
  const [row] = registry.all('SELECT at_least FROM list_numbers WHERE issuer = ?', issuer);
  return row === undefined ? 0n : BigInt(String(row['at_least']));
}

export function raiseListNumber(registry: Connection, issuer: string, atLeast: bigint): void {
  registry.run(
    'INSERT OR REPLACE INTO list_numbers (issuer, at_least) VALUES (?, ?)',
    issuer,
    String(atLeast),
  );
}

export function setAuthorityState(
  registry: Connection,
  { keyId, state, since }: Omit<AuthorityRecord, 'keyFile'>,
): void {
  registry.run(
    'UPDATE authorities SET state = ?, changed_at = ? WHERE key_id = ?',
    state,
    since.toISOString(),
    keyId,
  );
}

/** Forgets the list of a CA that is not trusted any more; those that are left are to be published again. */
export function deleteList(registry: Connection, issuer: string): void {
  registry.run('DELETE FROM revocation_lists WHERE issuer = ?', issuer);
  registry.run('UPDATE revocation_lists SET published = 0');
}
