import fs from 'node:fs';

export type Stream = 1 | 2;

/**
 * Writes all of it to stdout (1) or stderr (2), and says whether it could. The reader may have closed the pipe
 * (`| head`), which is their right; a full disk behind it is a failure, but never a reason to fall over.
 */
export function writeStream(stream: Stream, data: string | Uint8Array): boolean {
  return writeAll(stream, data) !== 'failed';
}

/** As `writeStream`, for one part of several: `unread` says that the reader has closed the pipe. */
export function writeAll(stream: Stream, data: string | Uint8Array): 'written' | 'unread' | 'failed' {
  let rest = Buffer.from(data);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSome(stream, rest));
    return 'written';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPIPE' ? 'unread' : 'failed';
  }
}

function writeSome(stream: Stream, data: Buffer): number {
  try {
    return fs.writeSync(stream, data);
  } catch (error) {
    // A pipe that takes nothing at the moment: Node made it non-blocking.
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}
