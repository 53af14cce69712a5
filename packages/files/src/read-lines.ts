import fs from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { explained, FileError } from './file-error.ts';

/** A file of lines that is open: what is read is this file, even if another one gets its name. */
export type LineFile = {
  readonly path: string;
  /** The same for the same file under another name. */
  readonly id: string;
  /**
   * The lines that are ended by a line feed, from where the last call stopped. One that is not UTF-8, or longer than 4 MiB, is an empty
   * one: neither may be taken for what it is not.
   */
  readonly lines: () => Generator<string>;
  /** Another file has its name now. */
  readonly isReplaced: () => boolean;
  /** Bytes after the last line feed: a line that is being written. */
  readonly unfinished: () => number;
  readonly close: () => void;
};

const LINE_FEED = 0x0a;
const CHUNK = 256 * 1024;
const LONGEST_LINE = 4 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

/** Opens a regular file, and no link, to read it in parts. Codes: `FILE_NOT_FOUND`, `FILE_NOT_REGULAR`, `FILE_NOT_PERMITTED`. */
export function openLines(path: string): LineFile {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;
  const file = explained('read', path, () => fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW));
  try {
    const id = idOf(regularStats(file, path));
    const isReplaced = (): boolean => {
      const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
      return stats !== undefined && idOf(stats) !== id;
    };
    return { path, id, isReplaced, ...lineReader(file, path), close: () => fs.closeSync(file) };
  } catch (error) {
    fs.closeSync(file);
    throw error;
  }
}

function idOf({ dev, ino }: fs.BigIntStats): string {
  return `${dev}:${ino}`;
}

function regularStats(file: number, path: string): fs.BigIntStats {
  const stats = fs.fstatSync(file, { bigint: true });
  if (stats.isFile()) return stats;
  throw new FileError('FILE_NOT_REGULAR', `cannot read ${path}: it is not a regular file`, {
    hint: 'name a file',
  });
}

function lineReader(file: number, path: string): Pick<LineFile, 'lines' | 'unfinished'> {
  const chunk = Buffer.alloc(CHUNK);
  /** The start of a line whose end was not read yet; of one that is too long, its length alone. */
  let carried: Buffer = NOTHING;
  let skipped = 0;

  function* lines(): Generator<string> {
    for (;;) {
      const count = explained('read', path, () => fs.readSync(file, chunk, 0, CHUNK, null));
      if (count === 0) return;
      const end = chunk.subarray(0, count).lastIndexOf(LINE_FEED);
      if (end === -1) {
        carry(chunk.subarray(0, count));
        continue;
      }
      const whole = Buffer.concat([carried, chunk.subarray(0, end)]);
      const isTooLong = skipped > 0;
      carried = NOTHING;
      skipped = 0;
      carry(chunk.subarray(end + 1, count));
      yield* isTooLong ? ['', ...splitLines(whole).slice(1)] : splitLines(whole);
    }
  }
  function carry(bytes: Buffer): void {
    carried = Buffer.concat([carried, bytes]);
    if (skipped === 0 && carried.length <= LONGEST_LINE) return;
    skipped += carried.length;
    carried = NOTHING;
  }
  return { lines, unfinished: () => skipped + carried.length };
}

function splitLines(bytes: Buffer): readonly string[] {
  return isUtf8(bytes) ? bytes.toString('utf8').split('\n') : splitBytes(bytes);
}

/** Line by line, so that one that is not text does not spoil its neighbours. */
function splitBytes(bytes: Buffer): readonly string[] {
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, feed === -1 ? bytes.length : feed);
    lines.push(isUtf8(line) ? line.toString('utf8') : '');
    start = feed === -1 ? bytes.length + 1 : feed + 1;
  }
  return lines;
}
