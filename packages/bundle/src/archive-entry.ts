export const PRIVATE_ENTRY = 0o600;
export const PUBLIC_ENTRY = 0o644;
export const PRIVATE_FOLDER = 0o700;

/** One file of an archive; `path` is relative, with `/` between its parts. */
export type ArchiveEntry = { readonly path: string; readonly mode: number; readonly data: Uint8Array };

/**
 * The date of every entry that we write: archives of the same files have the same bytes, whenever they are made.
 * 1980 is the first year that a zip can name, and GNU tar warns about 1970.
 */
export const ENTRY_DATE: Date = new Date('1980-01-01T00:00:00Z');
