import { crc32 } from 'node:zlib';
import { type ArchiveEntry } from './entry.ts';

// APPNOTE.TXT 4.4.2: made on Unix (3), so that the upper half of the external attributes is a Unix mode.
const MADE_BY = (3 << 8) | 20;
const NEEDED = 20;
// 4.4.6: 1980-01-01, day and month count from 1.
const DOS_DATE = (1 << 5) | 1;
const REGULAR_FILE = 0o100_000;
const FOLDER = 0o040_000;

type Located = { readonly entry: ArchiveEntry; readonly offset: number };

/**
 * A zip of these files, in this order, stored and not compressed, for the same reason as in `writeGzip`. Modes are
 * kept for the tools that heed them; the date is 1980, so that the same files make the same bytes.
 */
export function writeZip(entries: readonly ArchiveEntry[]): Buffer {
  const locals = entries.map(localPart);
  const central = Buffer.concat(locate(entries, locals).map(centralHeader));
  return Buffer.concat([...locals, central, endRecord(entries.length, central.length, totalLength(locals))]);
}

function locate(entries: readonly ArchiveEntry[], parts: readonly Buffer[]): readonly Located[] {
  return entries.map((entry, i) => ({ entry, offset: totalLength(parts.slice(0, i)) }));
}

function totalLength(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function localPart(entry: ArchiveEntry): Buffer {
  const signature = Buffer.from('PK\u0003\u0004');
  return Buffer.concat([signature, commonFields(entry), Buffer.from(entry.path), entry.data]);
}

/** The 26 bytes that a local and a central header share: 4.4.3 to 4.4.11. */
function commonFields({ path, data }: ArchiveEntry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(NEEDED, 0);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(path), 22);
  return fields;
}

function centralHeader({ entry, offset }: Located): Buffer {
  const head = Buffer.from('PK\u0001\u0002..');
  head.writeUInt16LE(MADE_BY, 4);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(externalAttributes(entry), 6);
  tail.writeUInt32LE(offset, 10);
  return Buffer.concat([head, commonFields(entry), tail, Buffer.from(entry.path)]);
}

function externalAttributes({ path, mode }: ArchiveEntry): number {
  const type = path.endsWith('/') ? FOLDER : REGULAR_FILE;
  return ((type | mode) << 16) >>> 0;
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.write('PK\u0005\u0006');
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
