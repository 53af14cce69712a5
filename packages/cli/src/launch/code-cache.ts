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
  readonly read: (name: string, source: Buffer) => Buffer | undefined;
  readonly write: (name: string, source: Buffer, code: Buffer) => void;
};

export type Owners = {
  /** Whose the program is. */
  readonly program: number;
  /** Who runs it; `undefined` where there are no such numbers (Windows). */
  readonly user: number | undefined;
};

/** Puts a whole file in place, durably. */
export type WriteWhole = (path: string, data: Uint8Array) => void;

const NONE: CodeCache = { read: () => undefined, write: () => {} };

const WRITABLE_BY_OTHERS = 0o022;

export function codeCache(folder: string, { program, user }: Owners, write: WriteWhole): CodeCache {
  if (user === undefined) return NONE;
  return {
    read: (name, source) => silently(() => unsealed(source, readTrusted(path.join(folder, name), program))),
    write: (name, source, code) => {
      if (user === program)
        silently(() => writeTrusted(path.join(folder, name), program, sealed(source, code), write));
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

function writeTrusted(location: string, owner: number, data: Buffer, write: WriteWhole): void {
  const folder = path.dirname(location);
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  requireTrusted(fs.lstatSync(folder), owner);
  // Durably, for V8 would run what a power failure had left of it.
  write(location, data);
}

function requireTrusted(stats: fs.Stats, owner: number): void {
  const isOurs = !stats.isSymbolicLink() && stats.uid === owner && (stats.mode & WRITABLE_BY_OTHERS) === 0;
  if (!isOurs) throw new Error('somebody else could have written it');
}

// V8 looks at its own version and at the length of the source, and then runs whatever is there: so the source is kept too.
function sealed(source: Buffer, code: Buffer): Buffer {
  return Buffer.concat([source, code]);
}

function unsealed(source: Buffer, data: Buffer): Buffer | undefined {
  const code = data.subarray(source.length);
  return code.length > 0 && data.subarray(0, source.length).equals(source) ? code : undefined;
}

/** A disk that is full or read-only, say, is no reason to do without the program. */
function silently<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}
