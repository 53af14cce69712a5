import { quote } from '@docker-mtls/errors';
import { Header } from 'tar/header';
import { invalid, refused, truncated } from './damage.ts';
import { type ArchiveEntry } from './entry.ts';
import { parseEntryPath } from './entry-path.ts';
import { requireWithin, type ArchiveLimits } from './limits.ts';

const BLOCK = 512;
const ZEROS = Buffer.alloc(64 * 1024);
const SIZE_FIELD = { start: 124, end: 136 } as const;
const MAGIC_FIELD = { start: 257, end: 265 } as const;
const PREFIX_FIELD = { start: 345, end: 500 } as const;

/** `isComplete`: it has the blocks that end an archive. Docker's own exports lack them. */
export type TarContents = { readonly entries: readonly ArchiveEntry[]; readonly isComplete: boolean };

/**
 * The files and folders of a tar archive. Anything else in it (links, devices, extended headers, which are how two
 * readers come to see two different archives) is refused. Codes: `BUNDLE_ARCHIVE_INVALID`,
 * `BUNDLE_ARCHIVE_TRUNCATED`, `BUNDLE_ARCHIVE_TOO_LARGE`, `BUNDLE_ENTRY_REFUSED`.
 */
export function readTar(data: Buffer, limits: ArchiveLimits): TarContents {
  const entries: ArchiveEntry[] = [];
  let offset = 0;
  while (offset < data.length) {
    if (isZero(data.subarray(offset, offset + BLOCK))) {
      requireNothingBehind(data.subarray(offset));
      return { entries, isComplete: data.length - offset >= 2 * BLOCK };
    }
    const entry = readEntry(readHeader(data, offset), data.subarray(offset + BLOCK));
    entries.push(entry);
    requireWithin(entries.length, limits.entries, 'entries');
    offset += BLOCK + Math.ceil(entry.data.length / BLOCK) * BLOCK;
  }
  return { entries, isComplete: false };
}

type Block = { readonly header: Header; readonly size: number };

function readHeader(data: Buffer, offset: number): Block {
  if (data.length - offset < BLOCK) throw truncated('the header of an entry');
  const header = decodeHeader(data, offset);
  if (header?.cksumValid !== true) throw invalid(`the archive has no valid entry at byte ${offset}`);
  const field = data.toString('latin1', offset + SIZE_FIELD.start, offset + SIZE_FIELD.end);
  // Readers disagree about anything but plain octal digits; the library stops at the first other character.
  if (!/^ *[0-7]+[ \0]*$/.test(field))
    throw invalid(`the entry at byte ${offset} has a size that is not octal`);
  if (hasDoubtfulPrefix(data.subarray(offset, offset + BLOCK)))
    throw invalid(`the entry at byte ${offset} has another name for some readers`);
  return { header, size: Number.parseInt(field, 8) };
}

/** The start of a long path: GNU tar looks for it where the version is another too, Python's always. */
function hasDoubtfulPrefix(block: Buffer): boolean {
  const isUstar = block.toString('latin1', MAGIC_FIELD.start, MAGIC_FIELD.end) === 'ustar\u000000';
  return !isUstar && !isZero(block.subarray(PREFIX_FIELD.start, PREFIX_FIELD.end));
}

/** The library throws at numbers that no file has. */
function decodeHeader(data: Buffer, offset: number): Header | undefined {
  try {
    return new Header(data, offset);
  } catch {
    return undefined;
  }
}

function readEntry({ header, size }: Block, behind: Buffer): ArchiveEntry {
  const name = header.path ?? '';
  const mode = (header.mode ?? 0) & 0o777;
  if (header.type === 'Directory') return readFolder({ name, mode, size });
  if (header.type !== 'File' && header.type !== 'OldFile')
    throw refused(name, `it is not a regular file but of the type ${spaced(header.type)}`);
  const path = parseEntryPath(name);
  if (size > behind.length) throw truncated(quote(path));
  return { path, mode, data: behind.subarray(0, size) };
}

/** Some readers skip what a folder's size announces, others read it as entries. */
function readFolder({
  name,
  mode,
  size,
}: {
  readonly name: string;
  readonly mode: number;
  readonly size: number;
}): ArchiveEntry {
  if (size !== 0) throw refused(name, 'it is a folder with content');
  const path = parseEntryPath(name);
  return { path: path === '' || path.endsWith('/') ? path : `${path}/`, mode, data: Buffer.alloc(0) };
}

function spaced(type: string): string {
  return type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function requireNothingBehind(rest: Buffer): void {
  if (!isZero(rest)) throw invalid('the archive has data behind its end');
}

/** By whole pieces: an archive may be zeros for the most part. */
function isZero(data: Buffer): boolean {
  for (let at = 0; at < data.length; at += ZEROS.length) {
    const piece = data.subarray(at, at + ZEROS.length);
    if (!piece.equals(ZEROS.subarray(0, piece.length))) return false;
  }
  return true;
}
