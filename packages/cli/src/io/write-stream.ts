import fs from 'node:fs';
import { escapeUnprintable, unicodePattern } from '@docker-mtls/errors';

export type Stream = 1 | 2;

/** Nothing here is anything that a terminal would act on: most text is. */
const HARMLESS = /^[\n\t\x20-\x7e]*$/;

/** What a terminal acts on, but for the ends of lines and tabs, and what turns text around. */
const ACTED_ON = String.raw`(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]`;

/**
 * Writes text for people. On a terminal, what that would act on is spelled out: names of files and folders are in the
 * text, and others may have chosen them. What a program reads stays as it is.
 */
export function writeText(stream: Stream, text: string): ReturnType<typeof writeAll> {
  if (HARMLESS.test(text) || !isTerminal(stream)) return writeAll(stream, text);
  return writeAll(stream, text.replaceAll(unicodePattern(ACTED_ON, 'g'), escapeUnprintable));
}

/** Late: node:tty brings node:net, which most commands do without. */
export function isTerminal(descriptor: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

/**
 * Writes all of it to stdout (1) or stderr (2). `unread`: the reader has closed the pipe (`| head`), which is their right. A full
 * disk behind it is a failure, but never a reason to fall over.
 */
export function writeAll(stream: Stream, data: string | Uint8Array): 'written' | 'unread' | 'failed' {
  let rest = Buffer.from(data);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSome(stream, rest));
    return 'written';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPIPE' ? 'unread' : 'failed';
  }
}

/** The work is done but its result is lost, so the caller must not take it for a success. Returns the exit code. */
export function writeLost(): number {
  writeAll(2, 'docker-mtls: error: the result could not be written to stdout\nhint: is the disk full?\n');
  return 1;
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
