import type { Dependent } from '@docker-mtls/authority';
import { refreshBundles } from '@docker-mtls/authority/bundles';
import { refreshExports } from '@docker-mtls/ci';
import { refreshContexts } from '@docker-mtls/context';
import { escapeUnprintable, orRefusedLater } from '@docker-mtls/errors';
import type { CliSession } from '../ca/session.ts';
import { dockerFolderIfAny } from '../client/docker-folder.ts';
import type { NameList } from './name-list.ts';

/**
 * Brings what depends on renewed clients up to date, where it can be found and belongs to nobody else: contexts of this
 * user, and bundles and credentials in the current folder and where the registry says that some were written. The pairs are
 * renewed whatever comes of it.
 */
export async function refreshDependents(
  session: CliSession,
  clients: NameList,
): Promise<readonly Dependent[]> {
  return clients.isEmpty() ? [] : orNone(session, () => refreshAll(session, clients));
}

async function refreshAll(session: CliSession, clients: NameList): Promise<readonly Dependent[]> {
  const { io, reader } = session;
  const { cwd } = io;
  const docker = dockerFolderIfAny(io);
  const folders = [...new Set([cwd, ...(await reader.copyFolders())])];
  return [
    ...(await orNone(session, async () => (docker ? refreshContexts(session, clients, docker) : []))),
    ...(await orNone(session, () => refreshBundles(session, { clients, folders, cwd }))),
    ...(await orNone(session, () => refreshExports(session, clients, folders))),
  ];
}

async function orNone(
  { io }: CliSession,
  find: () => Promise<readonly Dependent[]>,
): Promise<readonly Dependent[]> {
  return orRefusedLater(find, ({ message }) => {
    io.note(`warning: copies of the renewed pairs were not looked for: ${message}`);
    return [];
  });
}

/** For people. */
export function refreshedLine({ kind, place, client }: Dependent): string {
  const what = { context: 'context', bundle: 'bundle', ci: 'credentials' }[kind];
  return `  refreshed: ${what} ${escapeUnprintable(place)} of ${client}\n`;
}
