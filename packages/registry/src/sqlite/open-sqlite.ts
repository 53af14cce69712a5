import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { RegistryError } from '../error.ts';
import type { OpenDatabase, OpenOptions, SqlRow, SqlValue } from './sqlite.ts';

let open: OpenDatabase | undefined;

/** Opens (or makes) a database. SQLite is loaded on the first call: `REGISTRY_UNUSABLE` where it is missing. */
export const openSqlite: OpenDatabase = (path, options) => loadSqlite()(path, options);

/** Loads SQLite early, for callers that cannot read the program's files later on. Code: `REGISTRY_UNUSABLE`. */
function loadSqlite(): OpenDatabase {
  return (open ??= hasOwnSqlite(process.versions.node) ? ownOpener() : libsqlOpener());
}

/** Node has SQLite itself, but warned on stderr that it was experimental before 24.15 and in some releases of 25. */
export function hasOwnSqlite(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 24 ? minor >= 15 : major > 25;
}

/** What the registry calls of node:sqlite, for which the types of Node 20 have no word. */
type NodeSqlite = {
  readonly DatabaseSync: new (
    path: string,
    options: OpenOptions,
  ) => {
    readonly isTransaction: boolean;
    prepare(sql: string): { run(...values: SqlValue[]): unknown; all(...values: SqlValue[]): SqlRow[] };
    exec(sql: string): void;
    close(): void;
  };
};

/** By Node's own SQLite. */
export function ownOpener(): OpenDatabase {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as NodeSqlite;
  return (path, options = {}) => {
    const database = new DatabaseSync(path, options);
    return {
      get inTransaction() {
        return database.isTransaction;
      },
      prepare: (sql) => {
        const statement = database.prepare(sql);
        return { run: (values) => statement.run(...values), all: (values) => statement.all(...values) };
      },
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    };
  };
}

/** By libsql, for the releases of Node that have no SQLite of their own, or only an experimental one. */
export function libsqlOpener(): OpenDatabase {
  const Database = loadLibsql();
  // libsql has no option for this, but takes SQLite's URIs.
  return (path, { readOnly = false } = {}) =>
    new Database(readOnly ? `${pathToFileURL(path).href}?mode=ro` : path);
}

function loadLibsql(): new (path: string) => ReturnType<OpenDatabase> {
  try {
    return createRequire(import.meta.url)('libsql') as ReturnType<typeof loadLibsql>;
  } catch (cause) {
    const [why = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new RegistryError('REGISTRY_UNUSABLE', `SQLite cannot be loaded: ${why}`, {
      hint: 'install docker-mtls again on this machine with its optional packages: npm install --include=optional',
      cause,
    });
  }
}
