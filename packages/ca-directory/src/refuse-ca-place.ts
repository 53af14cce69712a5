import nodePath from 'node:path';
import { MtlsError } from '@docker-mtls/errors';
import { exists, realPath, statIfExists } from '@docker-mtls/files';
import { kindFolder, layoutOf, LEAF_KINDS } from './layout.ts';

/**
 * Throws where what is written would take the place of something that a CA directory has of its own: with the registry,
 * or the only copy of a key, everything would be lost, also for one who asked for it by force. Code: `OUT_EXISTS`.
 */
export function refuseCaPlace(path: string): void {
  const place = placeOf(path);
  const directory = place === undefined ? undefined : directoryAbove(place);
  if (place === undefined || directory === undefined || !isOwn(place, directory)) return;
  throw new MtlsError('OUT_EXISTS', `${path} is a place of the CA directory ${directory} itself`, {
    hint: 'name another place, outside of the CA directory',
  });
}

/** Without links on the way; `undefined`: its folder is not there, and so nothing is in its place. */
function placeOf(path: string): string | undefined {
  if (statIfExists(path)?.isDirectory() === true) return realPath(path);
  const folder = nodePath.dirname(path);
  return exists(folder) ? nodePath.join(realPath(folder), nodePath.basename(path)) : undefined;
}

/** The CA directory that a path is in, or is. */
function directoryAbove(place: string): string | undefined {
  if (statIfExists(place)?.isDirectory() === true && exists(layoutOf(place).registry)) return place;
  const above = nodePath.dirname(place);
  return above === place ? undefined : directoryAbove(above);
}

function isOwn(place: string, directory: string): boolean {
  const layout = layoutOf(directory);
  const { ca, crl, registry, readme, profiles } = layout;
  const files = [directory, ca, crl, registry, `${registry}-wal`, `${registry}-shm`, readme];
  const folders = [profiles, layout.private, ...LEAF_KINDS.map((kind) => kindFolder(layout, kind))];
  return files.includes(place) || folders.some((each) => `${place}/`.startsWith(`${each}/`));
}
