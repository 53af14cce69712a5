import { hasKey, inPlace } from '@docker-mtls/authority';
import type { DockerContext } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import { listContexts, updateContext } from '@docker-mtls/context';
import { hasCode, shellWord } from '@docker-mtls/errors';
import type { CliSession } from '../../../ca/session.ts';
import { dockerFolder } from '../../../client/docker-contexts.ts';
import type { Io } from '../../../io/io.ts';
import { outdatedEntry } from '../../context/issued-entry.ts';
import { newerTls } from '../../context/client-tls.ts';
import { refreshedOrNot } from './dependent.ts';
import type { Dependent } from './dependent.ts';

/** Refreshes the contexts of this user that hold an older certificate of these clients, or of their CA. */
export async function refreshContexts(
  session: CliSession,
  clients: ReadonlySet<string>,
): Promise<readonly Dependent[]> {
  const dependents: Dependent[] = [];
  for (const folder of foldersOf(session.io))
    for (const context of listContexts(folder).contexts) {
      const entry = await outdatedEntry(session.reader, context);
      if (entry !== undefined && clients.has(entry.name))
        dependents.push(await refresh(session, { folder, context, entry }));
    }
  return dependents;
}

type Outdated = { readonly folder: string; readonly context: DockerContext; readonly entry: Entry };

async function refresh(session: CliSession, { folder, context, entry }: Outdated): Promise<Dependent> {
  const next = `docker-mtls context update ${shellWord(context.name)}`;
  const dependent = { kind: 'context', place: context.name, client: entry.name } as const;
  if (!hasKey(await inPlace(session, entry))) return { ...dependent, refreshed: false, next };
  const result = await refreshedOrNot(dependent, async () => {
    updateContext(folder, context.name, { tls: await newerTls(session, context) });
  });
  return result.refreshed ? result : { ...result, next };
}

/** A service may have no home, and no contexts then. */
export function foldersOf(io: Io): readonly string[] {
  try {
    return [dockerFolder(io)];
  } catch (error) {
    if (hasCode(error, 'USAGE')) return [];
    throw error;
  }
}
