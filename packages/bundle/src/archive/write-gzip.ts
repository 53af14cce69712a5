import { crc32 } from 'node:zlib';

const LARGEST_BLOCK = 0xffff;
// RFC 1952 2.3.1: magic, deflate, no flags, no time, no extra flags, unknown operating system.
const HEADER: Buffer = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/**
 * The data as a gzip file with stored (not compressed) blocks, RFC 1951 3.2.4. What zlib makes of the same data
 * differs between its versions and processors, and the packer's operating system is in it; these bytes depend on
 * the data alone. Keys do not compress, and a bundle is a few kilobytes.
 */
export function writeGzip(data: Uint8Array): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length % 2 ** 32, 4);
  return Buffer.concat([HEADER, ...storedBlocks(data), trailer]);
}

function storedBlocks(data: Uint8Array): readonly Uint8Array[] {
  const blocks: Uint8Array[] = [];
  let start = 0;
  do {
    const block = data.subarray(start, start + LARGEST_BLOCK);
    start += LARGEST_BLOCK;
    blocks.push(blockHeader(block.length, start >= data.length), block);
  } while (start < data.length);
  return blocks;
}

function blockHeader(length: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(isLast ? 1 : 0, 0);
  header.writeUInt16LE(length, 1);
  header.writeUInt16LE(length ^ 0xffff, 3);
  return header;
}
