import path from 'node:path';
import { MtlsError, quote } from '@docker-mtls/errors';
import { hostPathOf } from './host-path.ts';
import type { MountedFolders } from './host-path.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder that is mounted at /certs, as the host and so its engine sees it. */
export type HostFolder = { readonly path: string; readonly warning?: string };

/**
 * `$HOST_CERTS_DIR`, else what the mount table tells for certain. Codes: `CONTAINER_HOST_DIR_INVALID`,
 * `CONTAINER_HOST_PATH`.
 */
export function hostFolderOf({ env }: { readonly env: Environment }, folders: MountedFolders): HostFolder {
  const found = hostPathOf(folders);
  const named = namedFolder({ env });
  if (named !== undefined) return asNamed(named, found);
  if ('path' in found) return found;
  throw new MtlsError('CONTAINER_HOST_PATH', `cannot tell where the host has /certs: ${found.unknown}`, {
    hint: 'add -e HOST_CERTS_DIR=/diamol-certs, with the path of that folder on the host',
  });
}

/** `$HOST_CERTS_DIR`, where it is set. Code: `CONTAINER_HOST_DIR_INVALID`. */
export function namedFolder({ env }: { readonly env: Environment }): string | undefined {
  const named = env['HOST_CERTS_DIR'];
  return named === undefined || named === '' ? undefined : parseHostFolder(named);
}

function asNamed(named: string, found: ReturnType<typeof hostPathOf>): HostFolder {
  if (!('path' in found) || found.path === named) return { path: named };
  const warning = `HOST_CERTS_DIR is ${quote(named)}, and the mount table says ${quote(found.path)}: is it the host's path?`;
  return { path: named, warning };
}

/** A path of the host in its one plain spelling. */
export function parseHostFolder(text: string): string {
  const folder = text.replace(/(?<=.)\/$/, '');
  const isPlain = path.posix.isAbsolute(folder) && path.posix.normalize(folder) === folder && folder !== '/';
  if (isPlain && !/[\p{Cc}\ufffd]/u.test(folder)) return folder;
  throw new MtlsError(
    'CONTAINER_HOST_DIR_INVALID',
    `HOST_CERTS_DIR is ${quote(text)}, no plain absolute path`,
    {
      hint: 'write the whole path of the folder on the host, for example /diamol-certs',
    },
  );
}
