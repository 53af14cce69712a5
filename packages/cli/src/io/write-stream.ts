import fs from 'node:fs';
import { escapeUnprintable } from '@docker-mtls/errors';

export type Stream = 1 | 2;

/**
 * Writes all of it to stdout (1) or stderr (2), and says whether it could. The reader may have closed the pipe
 * (`| head`), which is their right; a full disk behind it is a failure, but never a reason to fall over.
 */
export function writeStream(stream: Stream, data: string | Uint8Array): boolean {
  return writeAll(stream, data) !== 'failed';
}

/** What a terminal acts on, but for the ends of lines and tabs, and what turns text around. */
const ACTED_ON = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Writes text for people. On a terminal, what that would act on is spelled out: names of files and folders are in the
 * text, and others may have chosen them. What a program reads stays as it is.
 */
export function writeText(stream: Stream, text: string): ReturnType<typeof writeAll> {
  const isActedOn = text.search(ACTED_ON) !== -1;
  return writeAll(
    stream,
    isActedOn && isTerminal(stream) ? text.replaceAll(ACTED_ON, escapeUnprintable) : text,
  );
}

/** Loaded late: most text has nothing of that, and node:tty brings node:net. */
function isTerminal(stream: Stream): boolean {
  return process.getBuiltinModule('node:tty').isatty(stream);
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
