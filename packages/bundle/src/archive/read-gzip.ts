import { gunzipSync } from 'node:zlib';
import { hasCode } from '@docker-mtls/errors';
import { invalid, truncated } from './damage.ts';
import { tooLarge } from './limits.ts';

/** What the types of Node leave out: with `info`, how many bytes were read comes back as well. */
export type Unpacked = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

/**
 * Unpacks one gzip file of at most `limit` bytes; its checksum is verified. Codes: `BUNDLE_ARCHIVE_INVALID`,
 * `BUNDLE_ARCHIVE_TRUNCATED`, `BUNDLE_ARCHIVE_TOO_LARGE`.
 */
export function readGzip(data: Buffer, limit: number): Buffer {
  const { buffer, engine } = unpack(data, limit);
  if (engine.bytesWritten !== data.length) throw invalid('the archive has data behind its end');
  return buffer;
}

function unpack(data: Buffer, limit: number): Unpacked {
  try {
    return gunzipSync(data, { maxOutputLength: limit, info: true }) as unknown as Unpacked;
  } catch (error) {
    if (hasCode(error, 'ERR_BUFFER_TOO_LARGE'))
      throw tooLarge(`the archive unpacks to more than ${limit} bytes`);
    if (hasCode(error, 'Z_BUF_ERROR')) throw truncated('its compressed data');
    throw invalid("the archive's compressed data is damaged", error);
  }
}
