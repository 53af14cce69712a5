import type { EntryKind } from '../certificate-record.ts';
import { DUE_AT, UNUSUAL } from './attention-schema.ts';
import type { Connection } from './connection.ts';
import { SCHEMA_WITH_ATTENTION, schemaVersion } from './schema.ts';
import type { SqlRow, SqlValue } from './sqlite.ts';

// What wants attention among the certificates in force. Each question is answered from an index, so that it takes as
// long with a million certificates as with ten, but for what it finds.

/** Which certificates, and by which clock. What ended before `since` counts as long ago. */
export type AttentionFilter = {
  readonly kind: EntryKind;
  readonly now: Date;
  readonly since: Date;
  /** Rows of each sort, at most. */
  readonly limit: number;
};

/** How many certificates in force are in which state, probes aside. */
export type AttentionCounts = {
  readonly due: number;
  readonly expired: number;
  readonly expiredLongAgo: number;
  readonly notYetValid: number;
};

/** The most urgent of them. */
export type AttentionRows = {
  readonly due: readonly SqlRow[];
  readonly expired: readonly SqlRow[];
  readonly notYetValid: readonly SqlRow[];
};

/** The terms that the partial indices have, word for word: SQLite uses one only where it sees them. */
const IN_FORCE = `status = 'current' AND kind <> 'probe'`;
const DUE = `${IN_FORCE} AND kind = ? AND ${DUE_AT} <= julianday(?)`;
// The plus keeps SQLite from an index by kind, which leads to nearly all certificates.
const EXPIRED = `${IN_FORCE} AND +kind = ? AND not_after >= ? AND not_after < ?`;
const BEGINNING = `${IN_FORCE} AND not_before > ? AND +kind = ?`;

export function countAttention(registry: Connection, { kind, now, since }: AttentionFilter): AttentionCounts {
  const [at, then] = [now.toISOString(), since.toISOString()];
  const [ended] = registry.all(
    `SELECT count(*) AS due, sum(not_after < ?) AS ended, sum(not_after < ?) AS long_ago
     FROM certificates WHERE ${DUE}`,
    at,
    then,
    kind,
    justBefore(now),
  );
  const [beginning] = registry.all(`SELECT count(*) AS count FROM certificates WHERE ${BEGINNING}`, at, kind);
  const [all, endedAll, longAgo] = ['due', 'ended', 'long_ago'].map((name) => Number(ended?.[name] ?? 0));
  return {
    due: (all ?? 0) - (endedAll ?? 0),
    expired: (endedAll ?? 0) - (longAgo ?? 0),
    expiredLongAgo: longAgo ?? 0,
    notYetValid: Number(beginning?.['count'] ?? 0),
  };
}

/** The most urgent first. */
export function selectAttention(
  registry: Connection,
  { kind, now, since, limit }: AttentionFilter,
): AttentionRows {
  const [at, then] = [now.toISOString(), since.toISOString()];
  return {
    due: firstOf(registry, { where: `${DUE} AND not_after >= ?`, order: 'not_after', limit }, [
      kind,
      justBefore(now),
      at,
    ]),
    expired: firstOf(registry, { where: EXPIRED, order: 'not_after DESC', limit }, [kind, then, at]),
    notYetValid: firstOf(registry, { where: BEGINNING, order: 'not_before', limit }, [at, kind]),
  };
}

/** Leaves in force whose key, lifetime or purposes no release of this program would choose: for a closer look. */
export function selectUnusual(registry: Connection, limit: number): readonly SqlRow[] {
  // Else SQLite goes by kind, and looks at all of them.
  const index = schemaVersion(registry) < SCHEMA_WITH_ATTENTION ? '' : 'INDEXED BY certificates_unusual';
  const where = `status = 'current' AND kind IN ('server', 'client') AND ${UNUSUAL}`;
  return registry.all(`SELECT * FROM certificates ${index} WHERE ${where} ORDER BY serial LIMIT ?`, limit);
}

/** At the very moment that a part of its life is left, a certificate is not due yet. */
function justBefore(now: Date): string {
  return new Date(now.getTime() - 1).toISOString();
}

type Query = { readonly where: string; readonly order: string; readonly limit: number };

/** Only the rows that are returned are read in full. */
function firstOf(
  registry: Connection,
  { where, order, limit }: Query,
  values: readonly SqlValue[],
): readonly SqlRow[] {
  return registry.all(
    `SELECT * FROM certificates WHERE rowid IN
       (SELECT rowid FROM certificates WHERE ${where} ORDER BY ${order} LIMIT ?) ORDER BY ${order}`,
    ...values,
    limit,
  );
}

/** How many certificates were ever recorded: they are never removed. */
export function countRecorded(registry: Connection): number {
  return Number(registry.all('SELECT max(rowid) AS count FROM certificates')[0]?.['count'] ?? 0);
}

/** How many of a kind are in force. It counts no further than `most`. */
export function countInForce(registry: Connection, kind: EntryKind, most: number): number {
  const [row] = registry.all(
    `SELECT count(*) AS count FROM
       (SELECT 1 FROM certificates WHERE status = 'current' AND kind = ? LIMIT ?)`,
    kind,
    most,
  );
  return Number(row?.['count'] ?? 0);
}

/** The first of a kind that are in force, by name. */
export function selectInForce(registry: Connection, kind: EntryKind, limit: number): readonly SqlRow[] {
  const where = `status = 'current' AND kind = ?`;
  return registry.all(`SELECT * FROM certificates WHERE ${where} ORDER BY name LIMIT ?`, kind, limit);
}
