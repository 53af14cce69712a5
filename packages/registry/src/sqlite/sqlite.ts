import { types } from 'node:util';

export type SqlValue = string | number | Buffer | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** Values as one array: libsql would take a single Buffer or null for named values, and crash. */
export type SqliteStatement = { run(values: SqlValue[]): unknown; all(values: SqlValue[]): SqlRow[] };

/** What the registry needs of an SQLite library. */
export type SqliteDatabase = {
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
};

export type OpenOptions = { readonly readOnly?: boolean };

/** Opens the database at a path, or makes it unless it is only to be read. */
export type OpenDatabase = (path: string, options?: OpenOptions) => SqliteDatabase;

/** A BLOB column's value. */
export function asBytes(value: unknown): Buffer {
  // libsql gives an ArrayBuffer, Node's own SQLite a Uint8Array.
  if (types.isArrayBuffer(value)) return Buffer.from(value);
  if (types.isUint8Array(value)) return Buffer.from(value);
  throw new Error('the registry returned a value that is not bytes where bytes were stored');
}
