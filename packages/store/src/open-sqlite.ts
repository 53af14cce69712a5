import { createRequire } from 'node:module';
import { findLibsql } from './find-libsql.ts';
import { HERE } from './here.ts';
import { nativeOpener } from './native-libsql.ts';
import type { OpenDatabase } from './sqlite.ts';

let open: OpenDatabase | undefined;

/** Opens (or makes) a database. libsql is loaded on the first call. */
export const openSqlite: OpenDatabase = (path) => {
  open ??= quickOpener(HERE) ?? ordinaryOpener();
  return open(path);
};

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
