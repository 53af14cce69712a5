import { isPlain, quote, unicodePattern } from '@docker-mtls/errors';
import type { LeafKind } from '@docker-mtls/registry';
import { StoreError } from './error.ts';

// The set-aside name adds "-" and a serial of up to 40 digits to it, and file systems end at 255 bytes.
const LONGEST = 255;

/**
 * The folder that a name gets: the name itself, but `*.example.com` becomes `_wildcard.example.com` and an IPv6
 * address has `-` for `:`. Code: `CA_DIRECTORY_NAME_UNUSABLE` for what would leave its folder or be hidden in it.
 */
export function toFolderName(kind: LeafKind, name: string): string {
  const folder = kind === 'server' ? name.replace(/^\*\./u, '_wildcard.').replaceAll(':', '-') : name;
  if (isUsable(folder) && Buffer.byteLength(folder) <= LONGEST) return folder;
  throw new StoreError('CA_DIRECTORY_NAME_UNUSABLE', `${quote(name)} cannot be the name of a folder`, {
    hint: 'use letters, digits and . _ @ - only, at most 64 characters',
  });
}

/** No separator, no control character, no leading dot (those are ours), no trailing dot (Windows drops it). */
function isUsable(folder: string): boolean {
  if (folder.startsWith('.') || folder.endsWith('.')) return false;
  const usable = isPlain(folder) ? /^[\w@.-]+$/ : unicodePattern(String.raw`^[\p{L}\p{M}\p{N}_@.-]+$`);
  return usable.test(folder);
}

/** Equal for two folder names that some file system would take for the same: case and Unicode form aside. */
export function foldFolderName(folder: string): string {
  return folder.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** The name of a replaced generation. A name near the limit of the file system is cut; the serial never is. */
export function toSupersededName(folder: string, serial: string): string {
  const suffix = `-${serial}`;
  const room = LONGEST - suffix.length;
  let start = folder;
  while (Buffer.byteLength(start) > room) start = start.slice(0, -1);
  return start + suffix;
}
