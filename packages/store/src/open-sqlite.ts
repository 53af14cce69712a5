import { createRequire } from 'node:module';
import { StoreError } from './error.ts';
import { findLibsql } from './find-libsql.ts';
import { HERE } from './here.ts';
import { nativeOpener } from './native-libsql.ts';
import type { OpenDatabase } from './sqlite.ts';

let open: OpenDatabase | undefined;

/** Opens (or makes) a database. libsql is loaded on the first call: `STORE_UNUSABLE` where it is not there for this machine. */
export const openSqlite: OpenDatabase = (path) => loadSqlite()(path);

/** For whoever will not be able to read the program's files when they open a database. Code: `STORE_UNUSABLE`. */
export function loadSqlite(): OpenDatabase {
  return (open ??= load());
}

function load(): OpenDatabase {
  try {
    return quickOpener(HERE) ?? ordinaryOpener();
  } catch (cause) {
    const [why = ''] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new StoreError('STORE_UNUSABLE', `SQLite cannot be loaded here: ${why}`, {
      hint: 'install docker-mtls anew on this machine, with what is optional: npm install --include=optional',
      cause,
    });
  }
}

/** By libsql's native part alone, where that is found: a third of the time. */
export function quickOpener(from: string): OpenDatabase | undefined {
  const file = findLibsql(from);
  return file === undefined ? undefined : nativeOpener(file);
}

/** By libsql as it comes, which works wherever it was installed. */
export function ordinaryOpener(): OpenDatabase {
  const Database = createRequire(import.meta.filename)('libsql') as new (
    path: string,
  ) => ReturnType<OpenDatabase>;
  return (path) => new Database(path);
}
