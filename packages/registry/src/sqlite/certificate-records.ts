import type { EntryFilter, LeafKind, NewCertificate } from '../certificate-record.ts';
import { insertGroups } from './client-groups-schema.ts';
import type { Revocation } from './revocations.ts';
import type { SqlRow, SqlValue } from './sqlite.ts';
import type { Connection } from './connection.ts';

const INSERT = `INSERT INTO certificates (serial, kind, name, folder, folder_key, not_before, not_after,
  key_type, key_id, fingerprint, der, issued_at, issued_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export function insertCertificate(registry: Connection, record: NewCertificate): void {
  const { der, info } = record.certificate;
  registry.run(
    INSERT,
    info.serial,
    record.kind,
    record.name,
    record.folder ?? null,
    record.folderKey ?? null,
    info.notBefore.toISOString(),
    info.notAfter.toISOString(),
    info.keyType,
    info.keyId ?? null,
    info.fingerprint,
    der,
    record.now.toISOString(),
    record.operator,
  );
  if (record.kind === 'client') insertGroups(registry, record.certificate);
}

export function markReplaced(registry: Connection, serial: string, by: string, now: Date): void {
  registry.run(
    `UPDATE certificates SET status = 'replaced', replaced_at = ?, replaced_by = ? WHERE serial = ?`,
    now.toISOString(),
    by,
    serial,
  );
}

export function markRevoked(registry: Connection, { serial, revokedAt, reason }: Revocation): void {
  registry.run(
    `UPDATE certificates SET status = 'revoked', revoked_at = ?, revocation_reason = ? WHERE serial = ?`,
    revokedAt.toISOString(),
    reason,
    serial,
  );
}

/** Puts a replaced certificate in force again. */
export function markCurrent(registry: Connection, serial: string): void {
  registry.run(
    `UPDATE certificates SET status = 'current', replaced_at = NULL, replaced_by = NULL WHERE serial = ?`,
    serial,
  );
}

/** The current certificate of that kind whose folder is, or on some file system would be, the same. */
export function findByFolderKey(registry: Connection, kind: LeafKind, folderKey: string): SqlRow | undefined {
  const where = `kind = ? AND folder_key = ? AND status = 'current'`;
  return registry.all(`SELECT * FROM certificates WHERE ${where}`, kind, folderKey)[0];
}

export function findBySerial(registry: Connection, serial: string): SqlRow | undefined {
  return registry.all('SELECT * FROM certificates WHERE serial = ?', serial)[0];
}

export function selectByKeyId(registry: Connection, keyId: string): SqlRow[] {
  return registry.all('SELECT * FROM certificates WHERE key_id = ?', keyId);
}

/** The CAs that are trusted now, the newest first. */
export function selectRoots(registry: Connection): SqlRow[] {
  return registry.all(
    `SELECT * FROM certificates WHERE kind = 'ca' AND status = 'current' ORDER BY issued_at DESC, rowid DESC`,
  );
}

/** What should be published: kind, folder and serial. */
export function selectPublished(registry: Connection): SqlRow[] {
  return registry.all(
    `SELECT serial, kind, folder FROM certificates WHERE status = 'current' AND folder IS NOT NULL`,
  );
}

/** What is in force again in the place of a later one. */
export function selectReinstated(registry: Connection): SqlRow[] {
  return registry.all(
    `SELECT DISTINCT earlier.* FROM certificates AS later JOIN certificates AS earlier
     ON later.replaced_by = earlier.serial AND later.rowid > earlier.rowid WHERE earlier.status = 'current'`,
  );
}

const ORDER = `ORDER BY CASE kind WHEN 'ca' THEN 0 WHEN 'server' THEN 1 WHEN 'client' THEN 2 ELSE 3 END, name,
  CASE status WHEN 'current' THEN 0 ELSE 1 END, issued_at DESC, rowid DESC`;

export function selectEntries(
  registry: Connection,
  { kind, name, names, fingerprints, all = false, endingBy, page }: EntryFilter,
): SqlRow[] {
  const terms: [sql: string, value?: SqlValue][] = [['1']];
  if (kind !== undefined) terms.push(['kind = ?', kind]);
  if (name !== undefined) terms.push(['name = ?', name]);
  if (names !== undefined) terms.push(['name IN (SELECT value FROM json_each(?))', JSON.stringify(names)]);
  if (fingerprints !== undefined)
    terms.push(['fingerprint IN (SELECT value FROM json_each(?))', JSON.stringify(fingerprints)]);
  if (!all) terms.push([`status = 'current'`]);
  if (kind !== 'probe') terms.push([`kind <> 'probe'`]);
  if (endingBy !== undefined) terms.push(['not_after <= ?', endingBy.toISOString()]);
  if (page !== undefined) terms.push(['name > ?', page.after]);
  const limit = page === undefined ? '' : `LIMIT ${page.size}`;
  const values = terms.flatMap(([, value]) => (value === undefined ? [] : [value]));
  return registry.all(
    `SELECT * FROM certificates WHERE ${terms.map(([sql]) => sql).join(' AND ')} ${page === undefined ? ORDER : 'ORDER BY name'} ${limit}`,
    ...values,
  );
}

/** `prefix`: lower-case hexadecimal digits and nothing else. */
export function selectBySerialPrefix(registry: Connection, prefix: string): SqlRow[] {
  // "g" sorts right after the last hexadecimal digit, so this is a range of the primary key.
  return registry.all(
    `SELECT * FROM certificates WHERE serial >= ? AND serial < ? ${ORDER}`,
    prefix,
    `${prefix}g`,
  );
}

/**
 * Leaves that end after a moment, are not revoked, and have these bytes in them: those that a key issued have its identifier,
 * and so may others by chance.
 */
export function selectIssuedBy(registry: Connection, keyId: Buffer, endingAfter: Date): SqlRow[] {
  return registry.all(
    `SELECT * FROM certificates WHERE kind IN ('server', 'client') AND status <> 'revoked' AND not_after >= ?
     AND instr(der, ?) > 0 ${ORDER}`,
    endingAfter.toISOString(),
    keyId,
  );
}
