import type { LeafKind } from '../certificate-record.ts';
import type { Connection } from './connection.ts';
import type { SqlRow } from './sqlite.ts';

/** A publication that has begun: on record before the first file is made, until the last is in place. */
export type Unfinished = { readonly serial: string; readonly kind: LeafKind; readonly folder: string };

export function beginWork(registry: Connection, { serial, kind, folder }: Unfinished): void {
  registry.run(
    'INSERT OR REPLACE INTO unfinished (serial, kind, folder) VALUES (?, ?, ?)',
    serial,
    kind,
    folder,
  );
}

export function endWork(registry: Connection, serials: readonly string[]): void {
  for (const serial of serials) registry.run('DELETE FROM unfinished WHERE serial = ?', serial);
}

export function selectUnfinished(registry: Connection): readonly Unfinished[] {
  return registry.all('SELECT serial, kind, folder FROM unfinished').map(toUnfinished);
}

export function toUnfinished(row: SqlRow): Unfinished {
  return {
    serial: String(row['serial']),
    kind: String(row['kind']) as LeafKind,
    folder: String(row['folder']),
  };
}
