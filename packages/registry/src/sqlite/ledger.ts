import { append, GENESIS, verify } from '@docker-mtls/audit';
import type { Link, Verification } from '@docker-mtls/audit';
import type { Checkpoint } from '@docker-mtls/audit/log';
import type { SqlRow } from './sqlite.ts';
import type { Connection } from './connection.ts';

export type LedgerAction =
  | 'ca.created'
  | 'ca.passphrase'
  | 'ca.renewed'
  | 'ca.restored'
  | 'ca.rotation-prepared'
  | 'ca.rotation-retired'
  | 'ca.rotation-switched'
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

/** An event as it is on record. What another version or another program has written may be any text. */
export type RecordedEvent = {
  /** From 1. */
  readonly id: number;
  readonly at: string;
  readonly operator: string;
  readonly action: string;
  readonly serial: string;
  readonly detail: unknown;
};

const PAGE = 1000;

/**
 * Adds to the history, in the transaction of the change that it tells of. The database itself refuses to change or
 * remove what is in it, and each event holds the hash of the one before.
 */
export function appendEvent(registry: Connection, event: LedgerEvent): void {
  const { at, operator, action, serial, detail = {} } = event;
  const previous = lastLink(registry);
  const { link } = append(previous, { at: at.toISOString(), operator, action, serial, detail });
  registry.run(
    'INSERT INTO events (id, at, operator, action, serial, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    link.sequence,
    at.toISOString(),
    operator,
    action,
    serial,
    JSON.stringify(detail),
    previous.hash,
    link.hash,
  );
}

/** The newest events, the oldest of them first; all of them without a number. */
export function selectEvents(registry: Connection, last = -1): readonly RecordedEvent[] {
  return registry
    .all(
      'SELECT * FROM (SELECT id, at, operator, action, serial, detail FROM events ORDER BY id DESC LIMIT ?) ORDER BY id',
      last,
    )
    .map(toEvent);
}

/** Follows the chain of all events, and compares it with what was kept of it elsewhere. */
export function verifyEvents(registry: Connection, checkpoints: readonly Checkpoint[] = []): Verification {
  return verify(chainLines(registry), { checkpoints });
}

/** A certificate of which no event tells: those that did were removed. */
export function findUntold(registry: Connection): string | undefined {
  const [row] = registry.all(
    'SELECT serial FROM certificates WHERE serial NOT IN (SELECT serial FROM events WHERE serial IS NOT NULL) LIMIT 1',
  );
  return row === undefined ? undefined : String(row['serial']);
}

/** Part of the change to the schema that has a chain: the events from before are linked as they are. */
export function chainEarlierEvents(registry: Connection): void {
  let hash = GENESIS.hash;
  for (const row of pagesOf(registry)) {
    const { id, ...record } = toEvent(row);
    const { link } = append({ sequence: id - 1, hash }, record);
    registry.run('UPDATE events SET previous = ?, hash = ? WHERE id = ?', hash, link.hash, id);
    hash = link.hash;
  }
}

function lastLink(registry: Connection): Link {
  const [last] = registry.all('SELECT id, hash FROM events ORDER BY id DESC LIMIT 1');
  return last === undefined ? GENESIS : { sequence: Number(last['id']), hash: String(last['hash']) };
}

/** Each event as the line that was hashed, with the hashes that are on record. */
function* chainLines(registry: Connection): Iterable<string> {
  for (const row of pagesOf(registry)) {
    const { id, ...record } = toEvent(row);
    const content = JSON.stringify({ seq: id, prev: row['previous'], ...record });
    yield `${content.slice(0, -1)},"hash":"${row['hash']}"}`;
  }
}

function* pagesOf(registry: Connection): Iterable<SqlRow> {
  let after = 0;
  for (;;) {
    const rows = registry.all('SELECT * FROM events WHERE id > ? ORDER BY id LIMIT ?', after, PAGE);
    yield* rows;
    if (rows.length < PAGE) return;
    after = Number(rows.at(-1)?.['id']);
  }
}

function toEvent(row: SqlRow): RecordedEvent {
  return {
    id: Number(row['id']),
    at: String(row['at']),
    operator: String(row['operator']),
    action: String(row['action']),
    serial: String(row['serial'] ?? ''),
    detail: JSON.parse(String(row['detail'])),
  };
}
