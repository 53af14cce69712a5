import { createHash } from 'node:crypto';
import type { SqlRow } from './sqlite.ts';
import type { Registry } from './registry.ts';

export type LedgerAction =
  | 'ca.created'
  | 'ca.renewed'
  | 'certificate.issued'
  | 'certificate.reinstated'
  | 'certificate.replaced'
  | 'certificate.revoked'
  | 'crl.issued'
  | 'hook.done'
  | 'hook.failed'
  | 'probe.issued'
  | 'renewal.failed';

export type LedgerEvent = {
  readonly at: Date;
  readonly operator: string;
  readonly action: LedgerAction;
  readonly serial: string;
  readonly detail?: Readonly<Record<string, string>>;
};

/** Events of a release without the chain have no hash of their own: the first with one names all of them. */
const PAGE = 1000;

/**
 * Adds to the history, in the transaction of the change that it tells of. The database itself refuses to change or
 * remove what is in it, and each event holds the hash of the one before.
 */
export function appendEvent(
  registry: Registry,
  { at, operator, action, serial, detail = {} }: LedgerEvent,
): void {
  const [last] = registry.all('SELECT id, hash FROM events ORDER BY id DESC LIMIT 1');
  const id = Number(last?.['id'] ?? 0) + 1;
  const previous =
    last === undefined ? '' : last['hash'] === null ? hashOfEarlier(registry) : String(last['hash']);
  const row = { id, at: at.toISOString(), operator, action, serial, detail: JSON.stringify(detail) };
  registry.run(
    'INSERT INTO events (id, at, operator, action, serial, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    row.id,
    row.at,
    row.operator,
    row.action,
    row.serial,
    row.detail,
    previous,
    hashOf(previous, row),
  );
}

/** The first event that does not follow from the one before, if the history was changed behind the database's back. */
export function findBrokenLink(registry: Registry): number | undefined {
  let previous: string | undefined;
  for (let after = 0; ; after += PAGE) {
    const rows = registry.all(
      'SELECT * FROM events WHERE id > ? AND id <= ? ORDER BY id',
      after,
      after + PAGE,
    );
    for (const row of rows) {
      if (row['hash'] === null) continue;
      const expected = previous ?? (Number(row['id']) === 1 ? '' : hashOfEarlier(registry));
      if (row['previous'] !== expected || row['hash'] !== hashOf(expected, row)) return Number(row['id']);
      previous = String(row['hash']);
    }
    if (rows.length < PAGE) return undefined;
  }
}

function hashOfEarlier(registry: Registry): string {
  const rows = registry.all('SELECT * FROM events WHERE hash IS NULL ORDER BY id');
  return rows.reduce<string>((previous, row) => hashOf(previous, row), '');
}

/** Over JSON, whose strings cannot run into each other. */
function hashOf(previous: string, row: SqlRow): string {
  const fields = ['id', 'at', 'operator', 'action', 'serial', 'detail'].map((name) => row[name]);
  return createHash('sha256')
    .update(JSON.stringify([previous, ...fields]))
    .digest('hex');
}
