import { PRIVATE_ENTRY } from '../archive/entry.ts';
import { writeGzip } from '../archive/write-gzip.ts';
import { writeTar } from '../archive/write-tar.ts';

/** A tar.gz of files that are nobody else's business, in that order. */
export function packEntries(files: readonly { readonly path: string; readonly data: Buffer }[]): Buffer {
  return writeGzip(writeTar(files.map((file) => ({ ...file, mode: PRIVATE_ENTRY }))));
}
