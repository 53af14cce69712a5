import { appendEvent } from './ledger.ts';
import type { Connection } from './connection.ts';
import { SCHEMA_WITH_RENEWALS, schemaVersion } from './schema.ts';
import type { SqlRow } from './sqlite.ts';

/** The last renewal of a certificate in force that failed, and how many in a row did. */
export type RenewalFailure = {
  readonly serial: string;
  readonly failures: number;
  readonly failedAt: Date;
  /** Of the error. */
  readonly code: string;
  readonly message: string;
};

/** `waiting`: the certificate was published, and its hook has not run to its end. */
export type HookState = 'waiting' | 'failed';

/** A hook that is to be run, again or for the first time, for a certificate in force. Its command is not on record. */
export type UnfinishedHook = {
  readonly serial: string;
  readonly kind: 'server' | 'client';
  readonly name: string;
  readonly state: HookState;
  readonly at: Date;
  /** How it ended: `exit code 3`. */
  readonly outcome: string;
};

export type FailureReport = {
  readonly failed: readonly Pick<RenewalFailure, 'serial' | 'code' | 'message'>[];
  readonly operator: string;
  readonly now: Date;
};

export type HookReport = {
  readonly serial: string;
  readonly isDone: boolean;
  readonly outcome: string;
  readonly operator: string;
  readonly now: Date;
};

/** Counts a failure of each. A certificate that another one has replaced meanwhile is forgotten. */
export function recordFailures(registry: Connection, { failed, operator, now }: FailureReport): void {
  forgetReplaced(registry);
  for (const { serial, code, message } of failed) {
    registry.run(
      `INSERT INTO renewal_failures (serial, failures, failed_at, code, message) VALUES (?, 1, ?, ?, ?)
       ON CONFLICT (serial) DO UPDATE SET failures = failures + 1, failed_at = excluded.failed_at,
         code = excluded.code, message = excluded.message`,
      serial,
      now.toISOString(),
      code,
      message,
    );
    appendEvent(registry, { at: now, operator, action: 'renewal.failed', serial, detail: { code } });
  }
}

/** What failed to be renewed and is still in force. A cross join has SQLite begin with the few that failed. A registry of an earlier release knows of none. */
export function selectFailures(registry: Connection): readonly RenewalFailure[] {
  if (schemaVersion(registry) < SCHEMA_WITH_RENEWALS) return [];
  return registry
    .all(
      `SELECT renewal_failures.* FROM renewal_failures CROSS JOIN certificates USING (serial)
       WHERE status = 'current' ORDER BY failed_at`,
    )
    .map(toFailure);
}

/** Has a hook follow these certificates, before they are published: a kill in between does not lose it. */
export function expectHooks(registry: Connection, serials: readonly string[], now: Date): void {
  forgetReplaced(registry);
  for (const serial of serials)
    registry.run(
      `INSERT OR REPLACE INTO hooks (serial, state, at, outcome) VALUES (?, 'waiting', ?, 'it has not run')`,
      serial,
      now.toISOString(),
    );
}

/** Keeps how a hook ended; one that succeeded is history. */
export function recordHook(
  registry: Connection,
  { serial, isDone, outcome, operator, now }: HookReport,
): void {
  if (isDone) registry.run('DELETE FROM hooks WHERE serial = ?', serial);
  else
    registry.run(
      `INSERT OR REPLACE INTO hooks (serial, state, at, outcome) VALUES (?, 'failed', ?, ?)`,
      serial,
      now.toISOString(),
      outcome,
    );
  const action = isDone ? 'hook.done' : 'hook.failed';
  appendEvent(registry, { at: now, operator, action, serial, detail: { outcome } });
}

/** The hooks of certificates in force that have not succeeded, the oldest first. */
export function selectUnfinishedHooks(registry: Connection): readonly UnfinishedHook[] {
  if (schemaVersion(registry) < SCHEMA_WITH_RENEWALS) return [];
  return registry
    .all(
      `SELECT hooks.*, kind, name FROM hooks CROSS JOIN certificates USING (serial)
       WHERE status = 'current' ORDER BY at, hooks.rowid`,
    )
    .map(toHook);
}

/** A certificate that is about to be published is not on record yet. */
function forgetReplaced(registry: Connection): void {
  const replaced = `SELECT 1 FROM certificates AS c WHERE c.serial = record.serial AND c.status <> 'current'`;
  for (const table of ['renewal_failures', 'hooks'])
    registry.run(`DELETE FROM ${table} AS record WHERE EXISTS (${replaced})`);
}

function toFailure(row: SqlRow): RenewalFailure {
  return {
    serial: String(row['serial']),
    failures: Number(row['failures']),
    failedAt: new Date(String(row['failed_at'])),
    code: String(row['code']),
    message: String(row['message']),
  };
}

function toHook(row: SqlRow): UnfinishedHook {
  return {
    serial: String(row['serial']),
    kind: row['kind'] === 'server' ? 'server' : 'client',
    name: String(row['name']),
    state: String(row['state']) as HookState,
    at: new Date(String(row['at'])),
    outcome: String(row['outcome']),
  };
}
