import { Header } from 'tar/header';
import { ENTRY_DATE, type ArchiveEntry } from './entry.ts';

const BLOCK = 512;
// POSIX.1-2017 pax, "ustar interchange format": two blocks of zeros end an archive.
const END_OF_ARCHIVE: Buffer = Buffer.alloc(2 * BLOCK);

/**
 * A ustar archive of these files, in this order, made in memory: a key never touches a temporary file. Owner
 * is 0:0 and has no name, so that the user who unpacks it becomes the owner and the packer's account stays unknown.
 */
export function writeTar(entries: readonly ArchiveEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(writeEntry), END_OF_ARCHIVE]);
}

function writeEntry({ path, mode, data }: ArchiveEntry): readonly Buffer[] {
  const header = new Header({
    path,
    mode,
    uid: 0,
    gid: 0,
    size: data.length,
    mtime: ENTRY_DATE,
    type: path.endsWith('/') ? 'Directory' : 'File',
    devmaj: 0,
    devmin: 0,
  });
  const needsExtension = header.encode();
  if (header.block === undefined || needsExtension) throw new Error(`no plain tar header can name ${path}`);
  return [header.block, data, Buffer.alloc(padding(data.length))];
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
