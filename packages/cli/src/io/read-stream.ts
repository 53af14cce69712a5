import fs from 'node:fs';
import { hasCode } from '@docker-mtls/errors';
import { explained } from '@docker-mtls/files';

/**
 * Reads what comes from a descriptor to its end, `limit` bytes at most: one byte more is enough to see that there is too
 * much. `name` is for messages. Codes: `FILE_…`.
 */
export function readStream(descriptor: number, name: string, limit: number): Buffer {
  const bytes = Buffer.alloc(limit + 1);
  let length = 0;
  while (length < bytes.length) {
    const count = readSome(descriptor, name, bytes.subarray(length));
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

const PAUSE_MS = 20;

/** A pipe that does not block says EAGAIN until its writer writes, and a person may be typing there. */
function readSome(descriptor: number, name: string, into: Buffer): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, into);
    } catch (error) {
      if (hasCode(error, 'EOF')) return 0;
      if (!hasCode(error, 'EAGAIN')) return explained('read', name, () => rethrow(error));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function rethrow(error: unknown): never {
  throw error;
}
