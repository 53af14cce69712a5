import fs from 'node:fs';
import { createRequire } from 'node:module';
import { types } from 'node:util';
import { requireHere } from './require-here.ts';

export type SqlValue = string | number | Buffer | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** The little of libsql's (better-sqlite3's) interface that the registry needs. */
export type SqliteDatabase = {
  readonly inTransaction: boolean;
  // Values as one array: a single Buffer or null as the only argument would be taken for named values, and kill
  // the process.
  prepare(sql: string): { run(values: SqlValue[]): unknown; all(values: SqlValue[]): SqlRow[] };
  exec(sql: string): void;
  close(): void;
};
type SqliteDatabaseClass = new (path: string) => SqliteDatabase;

/** Opens (or makes) a database. The native part is loaded on the first call: it costs some milliseconds. */
export function openSqlite(path: string): SqliteDatabase {
  const Database = loadLibsql();
  return new Database(path);
}

/** A BLOB column's value. */
export function asBytes(value: unknown): Buffer {
  if (types.isArrayBuffer(value)) return Buffer.from(value);
  throw new Error('the registry gave no bytes where bytes were stored');
}

function loadLibsql(): SqliteDatabaseClass {
  const target = quickTarget();
  return target === undefined ? requireLibsql() : withTargetKnown(target, requireLibsql);
}

function requireLibsql(): SqliteDatabaseClass {
  return requireHere('libsql') as SqliteDatabaseClass;
}

/**
 * libsql asks `@neon-rs/load` and `detect-libc` which of its prebuilt files fits this machine. They write a whole
 * diagnostic report and load `child_process` to find out, which takes longer than all of our own work. So the two
 * are answered for: while libsql is loaded, `require` hands it stand-ins that know the target already.
 */
function withTargetKnown<T>(target: string, load: () => T): T {
  const restore = standIn({
    '@neon-rs/load': { currentTarget: () => target, load: () => null },
    'detect-libc': { familySync: () => null, GLIBC: 'glibc', MUSL: 'musl' },
  });
  try {
    return load();
  } finally {
    restore();
  }
}

function standIn(modules: Readonly<Record<string, unknown>>): () => void {
  const { cache, paths } = libsqlNeighbours(Object.keys(modules));
  const added = paths.filter(({ path }) => cache[path] === undefined);
  for (const { path, name } of added) {
    cache[path] = { id: path, filename: path, loaded: true, exports: modules[name] } as NodeJS.Module;
  }
  return () => {
    for (const { path } of added) delete cache[path];
  };
}

function libsqlNeighbours(names: readonly string[]): {
  cache: NodeJS.Dict<NodeJS.Module>;
  paths: { path: string; name: string }[];
} {
  try {
    const require = createRequire(requireHere.resolve('libsql'));
    return { cache: require.cache, paths: names.map((name) => ({ path: require.resolve(name), name })) };
  } catch {
    // Laid out in some other way: let libsql find out by itself.
    return { cache: {}, paths: [] };
  }
}

/**
 * The name of libsql's prebuilt package when it is beyond doubt: the running program names its loader, and with
 * it its C library, near its start (ELF PT_INTERP). `undefined`: let libsql find out.
 */
export function quickTarget(program: string = process.execPath): string | undefined {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) return undefined;
  const start = firstBytes(program, 4096);
  const gnu = start.includes('/ld-linux-');
  const musl = start.includes('/ld-musl-');
  if (gnu === musl) return undefined;
  return `linux-${process.arch}-${gnu ? 'gnu' : 'musl'}`;
}

function firstBytes(path: string, count: number): Buffer {
  const bytes = Buffer.alloc(count);
  try {
    const file = fs.openSync(path, 'r');
    try {
      return bytes.subarray(0, fs.readSync(file, bytes, 0, count, 0));
    } finally {
      fs.closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
