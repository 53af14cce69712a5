import fs from 'node:fs';
import nodePath from 'node:path';

/** The release of libsql whose native part `native-libsql.ts` was written for. */
export const LIBSQL_VERSION = '0.5.29';

const ENOUGH_OF_A_PROGRAM = 4096;

/**
 * The file of libsql's native part for this machine, as npm and pnpm lay it out: beside the nearest libsql, seen from
 * `from`. libsql itself writes a whole diagnostic report and loads `child_process` to find it, which takes longer than
 * all that we do with it. `undefined` where anything is in doubt: then libsql is to find out by itself.
 */
export function findLibsql(from: string, program: string = process.execPath): string | undefined {
  const target = libsqlTarget(program);
  const libsql = target === undefined ? undefined : nearestLibsql(from);
  if (libsql === undefined) return undefined;
  const folder = nodePath.join(libsql, '..', '@libsql', String(target));
  return versionIn(folder) === LIBSQL_VERSION ? nodePath.join(folder, 'index.node') : undefined;
}

/** The name of libsql's prebuilt package for a program: its loader (ELF PT_INTERP, near its start) names its C library. */
export function libsqlTarget(program: string): string | undefined {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) return undefined;
  const start = firstBytes(program, ENOUGH_OF_A_PROGRAM);
  const gnu = start.includes('/ld-linux-');
  const musl = start.includes('/ld-musl-');
  if (gnu === musl) return undefined;
  return `linux-${process.arch}-${gnu ? 'gnu' : 'musl'}`;
}

/** Where Node would find it, without what makes Node's own search take milliseconds. */
function nearestLibsql(from: string): string | undefined {
  const folder = nodePath.join(from, 'node_modules', 'libsql');
  if (fs.existsSync(folder)) return fs.realpathSync(folder);
  const above = nodePath.dirname(from);
  return above === from ? undefined : nearestLibsql(above);
}

function versionIn(folder: string): unknown {
  try {
    const text = fs.readFileSync(nodePath.join(folder, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version?: unknown }).version;
  } catch {
    return undefined;
  }
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
