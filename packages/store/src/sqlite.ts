import { types } from 'node:util';

export type SqlValue = string | number | Buffer | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Values as one array: a single Buffer or null as the only argument would be taken for named values, and kill us. */
export type SqliteStatement = { run(values: SqlValue[]): unknown; all(values: SqlValue[]): SqlRow[] };

/** The little of libsql's (better-sqlite3's) interface that the registry needs. */
export type SqliteDatabase = {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
};

/** Opens the database at a path, or makes it. */
export type OpenDatabase = (path: string) => SqliteDatabase;

/** A BLOB column's value. */
export function asBytes(value: unknown): Buffer {
  if (types.isArrayBuffer(value)) return Buffer.from(value);
  throw new Error('the registry gave no bytes where bytes were stored');
}
