import type { OpenDatabase, SqliteDatabase, SqlRow, SqlValue } from './sqlite.ts';

type Handle = object;

/** What libsql's own JavaScript calls, as far as the registry needs it. */
type NativeLibsql = {
  // The words between path and timeout are for databases elsewhere; libsql gives these when nobody asks for one.
  databaseOpen(path: string, token: '', cipher: 'aes256cbc', key: '', timeout: 0, remoteKey: ''): Handle;
  databaseInTransaction(database: Handle): boolean;
  databaseExecSync(this: Handle, sql: string): void;
  databasePrepareSync(this: Handle, sql: string): Handle;
  databaseClose(this: Handle): void;
  statementRun(this: Handle, values: SqlValue[]): unknown;
  statementRowsSync(this: Handle, values: SqlValue[]): Handle;
  /** Fills the list with the next rows; what is left of it stays as it is. */
  rowsNext(this: Handle, rows: (SqlRow | undefined)[]): void;
};

const ROWS_AT_ONCE = 100;

/** Opens databases by libsql's native part alone. Errors carry SQLite's code, as libsql's own do (`rawCode`). */
export function nativeOpener(file: string): OpenDatabase {
  const native = loadNative(file);
  return (path) => openNative(native, path);
}

function loadNative(file: string): NativeLibsql {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports as NativeLibsql;
}

function openNative(native: NativeLibsql, path: string): SqliteDatabase {
  const database = native.databaseOpen(path, '', 'aes256cbc', '', 0, '');
  return {
    get inTransaction() {
      return native.databaseInTransaction(database);
    },
    exec: (sql) => native.databaseExecSync.call(database, sql),
    prepare: (sql) => {
      const statement = native.databasePrepareSync.call(database, sql);
      return {
        run: (values) => native.statementRun.call(statement, values),
        all: (values) => readAll(native, native.statementRowsSync.call(statement, values)),
      };
    },
    close: () => native.databaseClose.call(database),
  };
}

function readAll(native: NativeLibsql, handle: Handle): SqlRow[] {
  const rows: SqlRow[] = [];
  for (;;) {
    const next = Array.from<SqlRow | undefined>({ length: ROWS_AT_ONCE });
    native.rowsNext.call(handle, next);
    const found = next.filter((row) => row !== undefined);
    rows.push(...found);
    if (found.length < ROWS_AT_ONCE) return rows;
  }
}
