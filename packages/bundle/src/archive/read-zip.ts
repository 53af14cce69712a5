import { quote } from '@docker-mtls/errors';
import { crc32, inflateRawSync } from 'node:zlib';
import { invalid, refused, truncated } from './damage.ts';
import { type ArchiveEntry } from './entry.ts';
import { parseEntryPath } from './entry-path.ts';
import { requireWithin, type ArchiveLimits } from './limits.ts';
import { type Unpacked } from './read-gzip.ts';

// APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16.
const LOCAL = { signature: 0x04034b50, length: 30 } as const;
const CENTRAL = { signature: 0x02014b50, length: 46 } as const;
const END = { signature: 0x06054b50, length: 22 } as const;
const STORED = 0;
const DEFLATED = 8;
const FLAG = { encrypted: 1, descriptor: 1 << 3, strong: 1 << 6, masked: 1 << 13 } as const;
// 4.6.9, Info-ZIP Unicode Path.
const OTHER_NAME = 0x7075;
const UNIX = 3;
const FILE_TYPE = 0o170_000;
const REGULAR_FILE = 0o100_000;
const FOLDER = 0o040_000;

type Directory = { readonly count: number; readonly start: number; readonly end: number };

type CentralHeader = {
  readonly name: string;
  readonly extra: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly unixMode: number;
  readonly offset: number;
  readonly length: number;
};

/**
 * The files and folders of a zip. The central directory is the truth, and every local header must say the same:
 * readers differ in which of the two they believe. Entries lie one behind the other from the first byte on, so
 * nothing overlaps and nothing hides between them. Codes: `BUNDLE_ARCHIVE_INVALID`, `BUNDLE_ARCHIVE_TRUNCATED`,
 * `BUNDLE_ARCHIVE_TOO_LARGE`, `BUNDLE_ENTRY_REFUSED`.
 */
export function readZip(data: Buffer, limits: ArchiveLimits): readonly ArchiveEntry[] {
  const directory = findDirectory(data);
  requireWithin(directory.count, limits.entries, 'entries');
  const headers = readDirectory(data, directory);
  const total = headers.reduce((sum, { unpacked }) => sum + unpacked, 0);
  requireWithin(total, limits.unpacked, 'bytes');
  requireGapless(data, headers, directory.start);
  return headers.map((header) => readEntry(data, header));
}

/** No comment is accepted behind the end: with one, the end of the archive would be a matter of search. */
function findDirectory(data: Buffer): Directory {
  const at = data.length - END.length;
  if (at < 0 || data.readUInt32LE(at) !== END.signature) throw truncated('its list of entries');
  const [disk, startDisk, here, count] = [4, 6, 8, 10].map((field) => data.readUInt16LE(at + field));
  if (disk !== 0 || startDisk !== 0 || here !== count) throw invalid('the zip is one part of several');
  const start = data.readUInt32LE(at + 16);
  if (start + data.readUInt32LE(at + 12) !== at) throw invalid("the zip's list of entries is not at its end");
  return { count: count ?? 0, start, end: at };
}

function readDirectory(data: Buffer, { count, start, end }: Directory): readonly CentralHeader[] {
  const headers: CentralHeader[] = [];
  let offset = start;
  while (headers.length < count) {
    const header = readCentralHeader(data.subarray(offset, end));
    headers.push(header);
    offset += header.length;
  }
  if (offset !== end) throw invalid("the zip's list of entries has another length than it says");
  return headers;
}

function readCentralHeader(data: Buffer): CentralHeader {
  if (data.length < CENTRAL.length || data.readUInt32LE(0) !== CENTRAL.signature)
    throw invalid("the zip's list of entries is damaged");
  const nameEnd = CENTRAL.length + data.readUInt16LE(28);
  const extraEnd = nameEnd + data.readUInt16LE(30);
  const length = extraEnd + data.readUInt16LE(32);
  if (length > data.length) throw invalid("the zip's list of entries is damaged");
  const isUnix = data.readUInt8(5) === UNIX;
  return {
    name: data.toString('latin1', CENTRAL.length, nameEnd),
    extra: data.subarray(nameEnd, extraEnd),
    flags: data.readUInt16LE(8),
    method: data.readUInt16LE(10),
    crc: data.readUInt32LE(16),
    packed: data.readUInt32LE(20),
    unpacked: data.readUInt32LE(24),
    unixMode: isUnix ? data.readUInt16LE(40) : 0,
    offset: data.readUInt32LE(42),
    length,
  };
}

function requireGapless(data: Buffer, headers: readonly CentralHeader[], end: number): void {
  const sorted = headers.toSorted((a, b) => a.offset - b.offset);
  let expected = 0;
  for (const header of sorted) {
    if (header.offset !== expected)
      throw invalid("the zip's entries overlap, or have something between them");
    expected = endOfEntry(data, header);
  }
  if (expected !== end) throw invalid('the zip has something between its entries and its list of them');
}

function endOfEntry(data: Buffer, header: CentralHeader): number {
  const end = dataStart(data, header) + header.packed;
  if ((header.flags & FLAG.descriptor) === 0) return end;
  // 4.3.9: a descriptor of 12 bytes, or of 16 with a signature that most writers put before it.
  const hasSignature = end + 4 <= data.length && data.readUInt32LE(end) === 0x08074b50;
  return end + (hasSignature ? 16 : 12);
}

function dataStart(data: Buffer, { offset, name }: CentralHeader): number {
  if (offset + LOCAL.length > data.length || data.readUInt32LE(offset) !== LOCAL.signature)
    throw invalid("the zip's list names an entry that is not there");
  const nameLength = data.readUInt16LE(offset + 26);
  const nameStart = offset + LOCAL.length;
  if (data.toString('latin1', nameStart, nameStart + nameLength) !== name)
    throw refused(name, "it has another name in the zip's list than in its own header");
  return nameStart + nameLength + data.readUInt16LE(offset + 28);
}

function readEntry(data: Buffer, header: CentralHeader): ArchiveEntry {
  const path = parseEntryPath(header.name);
  const mode = header.unixMode & 0o777;
  requireReadable(data, header);
  const start = dataStart(data, header);
  const localExtra = data.subarray(header.offset + LOCAL.length + header.name.length, start);
  if ([header.extra, localExtra].some(isRenaming))
    throw refused(header.name, 'it has another name for some programs');
  const content = unpack(data.subarray(start, start + header.packed), header);
  if (path !== '' && !path.endsWith('/')) return { path, mode, data: content };
  if (content.length > 0) throw refused(header.name, 'it is a folder with content');
  return { path, mode, data: content };
}

function isRenaming(extra: Buffer): boolean {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === OTHER_NAME) return true;
  }
  return false;
}

function requireReadable(
  data: Buffer,
  { name, flags, method, crc, packed, unpacked, unixMode, offset }: CentralHeader,
): void {
  if ((flags & (FLAG.encrypted | FLAG.strong | FLAG.masked)) !== 0) throw refused(name, 'it is encrypted');
  if (method !== STORED && method !== DEFLATED) throw refused(name, 'it is compressed in an unusual way');
  const expected = name.endsWith('/') ? FOLDER : REGULAR_FILE;
  if (![0, expected].includes(unixMode & FILE_TYPE)) throw refused(name, 'it is not a regular file');
  const isDescribed = (flags & FLAG.descriptor) !== 0;
  const local = [data.readUInt16LE(offset + 6), data.readUInt16LE(offset + 8)];
  const sums = [14, 18, 22].map((field) => data.readUInt32LE(offset + field));
  const isSame =
    local[0] === flags &&
    local[1] === method &&
    (isDescribed || String(sums) === String([crc, packed, unpacked]));
  if (!isSame) throw refused(name, "the zip's list and its own header differ");
}

function unpack(packed: Buffer, { name, method, crc, unpacked }: CentralHeader): Buffer {
  const content = method === STORED ? packed : inflate(packed, name, unpacked);
  if (content.length !== unpacked) throw invalid(`${quote(name)} has another size than the zip says`);
  if (crc32(content) !== crc) throw invalid(`${quote(name)} is damaged: its checksum is wrong`);
  return content;
}

/** A reader that goes by the data alone would find another entry behind the end of this one's. */
function inflate(packed: Buffer, name: string, size: number): Buffer {
  const { buffer, engine } = inflated(packed, name, size);
  if (engine.bytesWritten !== packed.length) throw invalid(`${quote(name)} has data behind its end`);
  return buffer;
}

function inflated(packed: Buffer, name: string, size: number): Unpacked {
  try {
    const options = { maxOutputLength: Math.max(size, 1), info: true };
    return inflateRawSync(packed, options) as unknown as Unpacked;
  } catch (error) {
    throw invalid(`${quote(name)} is damaged: it does not unpack to the size that the zip says`, error);
  }
}
