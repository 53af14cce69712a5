export const PRIVATE_ENTRY = 0o600;
export const PUBLIC_ENTRY = 0o644;
const PRIVATE_FOLDER = 0o700;

/**
 * One file of an archive. `path` is relative, with `/` between its parts; one that ends in `/` is a folder, and
 * its data is empty.
 */
export type ArchiveEntry = { readonly path: string; readonly mode: number; readonly data: Buffer };

/** A folder that only its owner can enter. */
export function privateFolder(path: string): ArchiveEntry {
  return { path: `${path}/`, mode: PRIVATE_FOLDER, data: Buffer.alloc(0) };
}

/** Text that anybody may read. */
export function publicText(path: string, text: string): ArchiveEntry {
  return { path, mode: PUBLIC_ENTRY, data: Buffer.from(text) };
}

/**
 * The date of every entry that we write: archives of the same files have the same bytes, whenever they are made.
 * 1980 is the first year that a zip can name, and GNU tar warns about 1970.
 */
export const ENTRY_DATE: Date = new Date('1980-01-01T00:00:00Z');
