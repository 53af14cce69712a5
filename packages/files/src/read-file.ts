import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { FileError, explained } from './file-error.ts';

/** No certificate, key, request or configuration that we read is larger; a FIFO or a disk would be endless. */
export const LARGEST_FILE: number = 1024 * 1024;

/**
 * Reads a regular file of at most `limit` bytes, and with `owner` only one of that user. Links are followed. Codes: `FILE_NOT_FOUND`,
 * `FILE_NOT_REGULAR` (a folder, device, socket or pipe), `FILE_TOO_LARGE`, `FILE_NOT_PERMITTED`.
 */
export function readFile(path: string, limit: number = LARGEST_FILE, owner?: number): Buffer {
  return explained('read', path, () => {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would hang.
    const file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    try {
      refuseOwner(fs.fstatSync(file).uid, path, owner);
      return readOpenFile(file, path, limit);
    } finally {
      fs.closeSync(file);
    }
  });
}

/** As `readFile`, but a file that is not there is `undefined`. */
export function readFileIfExists(
  path: string,
  limit: number = LARGEST_FILE,
  owner?: number,
): Buffer | undefined {
  try {
    return readFile(path, limit, owner);
  } catch (error) {
    if (hasCode(error, 'FILE_NOT_FOUND')) return undefined;
    throw error;
  }
}

/** A link of another user may lead root to a file that this user could not read. */
function refuseOwner(uid: number, path: string, owner: number | undefined): void {
  if (owner === undefined || uid === owner) return;
  throw new FileError(
    'FILE_NOT_PERMITTED',
    `cannot read ${path}: it belongs to uid ${uid}, not to uid ${owner}`,
    {
      hint: 'check where the path leads',
    },
  );
}

/** A regular file that this process has open. `path` is for messages. */
export function readOpenFile(file: number, path: string, limit: number): Buffer {
  const stats = fs.fstatSync(file);
  if (!stats.isFile()) {
    throw new FileError('FILE_NOT_REGULAR', `cannot read ${path}: it is not a regular file`, {
      hint: 'name a file',
    });
  }
  if (stats.size > limit) throw tooLarge(path, `${stats.size} bytes, the most is ${limit}`);
  return readAll(file, { path, limit, expected: stats.size });
}

type Reading = { readonly path: string; readonly limit: number; readonly expected: number };

/** Of no more than the limit: a file may grow, and those of /proc say that they are empty, of which some have no end. */
function readAll(file: number, { path, limit, expected }: Reading): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(Math.max(expected - size + 1, SMALLEST_PART));
    const count = fs.readSync(file, part);
    if (count === 0) return joined(parts);
    size += count;
    if (size > limit) throw tooLarge(path, `more than ${limit} bytes`);
    parts.push(part.subarray(0, count));
  }
}

/** What files of /proc are read in. */
const SMALLEST_PART = 4096;

/** A file that stays as long as it was is one part, and may be half of what fits into memory. */
function joined(parts: readonly Buffer[]): Buffer {
  const [first, second] = parts;
  return first !== undefined && second === undefined ? first : Buffer.concat(parts);
}

function tooLarge(path: string, why: string): FileError {
  return new FileError('FILE_TOO_LARGE', `cannot read ${path}: ${why}`, {
    hint: 'check that this is the file you meant',
  });
}
