import { isMtlsError } from '@docker-mtls/errors';
import type { CliSession } from '../../../ca/session.ts';
import { refreshBundles } from './bundles.ts';
import { refreshExports } from './ci-exports.ts';
import { refreshContexts } from './contexts.ts';
import type { Dependent } from './dependent.ts';

/**
 * Brings what depends on renewed clients up to date, where it can be found and belongs to nobody else: contexts of this
 * user, and bundles and credentials in the current folder and where the registry says that some were written. The pairs are renewed whatever comes of it.
 */
export async function refreshDependents(
  session: CliSession,
  clients: readonly string[],
): Promise<readonly Dependent[]> {
  if (clients.length === 0) return [];
  const names = new Set(clients);
  const folders = [...new Set([session.io.cwd, ...(await session.reader.copyFolders())])];
  return [
    ...(await orNone(session, () => refreshContexts(session, names))),
    ...(await orNone(session, () => refreshBundles(session, clients, folders))),
    ...(await orNone(session, () => refreshExports(session, names, folders))),
  ];
}

async function orNone(
  { io }: CliSession,
  find: () => Promise<readonly Dependent[]>,
): Promise<readonly Dependent[]> {
  try {
    return await find();
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    io.note(`warning: copies of the renewed pairs were not looked for: ${error.message}`);
    return [];
  }
}
