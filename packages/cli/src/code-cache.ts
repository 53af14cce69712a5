import fs from 'node:fs';
import path from 'node:path';

/**
 * What V8 made of the program's files, kept in a folder beside them, so that the next run need not compile them again.
 *
 * It is code, and root may run it. So it is trusted as far as the program is and no further: folder and file must belong
 * to whoever owns the program, nobody else may write them, and only that owner ever makes them. Whoever could put
 * something there could as well change the program. Where anything is otherwise there is no cache, without a word.
 */
export type CodeCache = {
  /** What was made of this source, if it is there and whole. */
  readonly read: (name: string, source: string) => Buffer | undefined;
  readonly write: (name: string, source: string, code: Buffer) => void;
};

export type Owners = {
  /** Whose the program is. */
  readonly program: number;
  /** Who runs it; `undefined` where there are no such numbers (Windows). */
  readonly user: number | undefined;
};

const NONE: CodeCache = { read: () => undefined, write: () => {} };

const WRITABLE_BY_OTHERS = 0o022;

export function codeCache(folder: string, { program, user }: Owners): CodeCache {
  if (user === undefined) return NONE;
  return {
    read: (name, source) => silently(() => unsealed(source, readTrusted(path.join(folder, name), program))),
    write: (name, source, code) => {
      if (user === program)
        silently(() => writeTrusted(path.join(folder, name), program, sealed(source, code)));
    },
  };
}

function readTrusted(location: string, owner: number): Buffer {
  requireTrusted(fs.lstatSync(path.dirname(location)), owner);
  const file = fs.openSync(location, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    requireTrusted(fs.fstatSync(file), owner);
    return fs.readFileSync(file);
  } finally {
    fs.closeSync(file);
  }
}

function writeTrusted(location: string, owner: number, data: Buffer): void {
  const folder = path.dirname(location);
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  requireTrusted(fs.lstatSync(folder), owner);
  const partial = path.join(folder, `.${path.basename(location)}.${process.pid}`);
  fs.writeFileSync(partial, data, { flag: 'wx', mode: 0o644 });
  fs.renameSync(partial, location);
}

function requireTrusted(stats: fs.Stats, owner: number): void {
  const isOurs = !stats.isSymbolicLink() && stats.uid === owner && (stats.mode & WRITABLE_BY_OTHERS) === 0;
  if (!isOurs) throw new Error('somebody else could have written it');
}

const SEAL_LENGTH = 4;

// V8 looks at its own version and at the length of the source, and then runs whatever is there, whole or not.
function sealed(source: string, code: Buffer): Buffer {
  return Buffer.concat([sealOf(source, code), code]);
}

function unsealed(source: string, data: Buffer): Buffer | undefined {
  const code = data.subarray(SEAL_LENGTH);
  return sealOf(source, code).equals(data.subarray(0, SEAL_LENGTH)) ? code : undefined;
}

/** Against damage, and leftovers of other sources. Whoever could forge it could as well change the program. */
function sealOf(source: string, code: Buffer): Buffer {
  // Late: it takes longer to load than the help to print. A digest would take longer still.
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const seal = Buffer.alloc(SEAL_LENGTH);
  seal.writeUInt32BE(crc32(code, crc32(source)));
  return seal;
}

/** A disk that is full or read-only, say, is no reason to do without the program. */
function silently<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
