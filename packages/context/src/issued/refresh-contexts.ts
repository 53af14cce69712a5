import { hasKey, inPlace, refreshedOrNot } from '@docker-mtls/authority';
import type { Dependent, Session } from '@docker-mtls/authority';
import type { DockerContext } from '@docker-mtls/bundle';
import type { Entry } from '@docker-mtls/ca-directory';
import { shellWord } from '@docker-mtls/errors';
import { listContexts } from '../store/read-contexts.ts';
import { updateContext } from '../store/write-contexts.ts';
import { newerTls } from './client-tls.ts';
import { outdatedEntry } from './issued-entry.ts';

/** Refreshes the contexts that hold an older certificate of these clients, or of their CA. */
export async function refreshContexts(
  session: Session,
  clients: Pick<ReadonlySet<string>, 'has'>,
  directory: string,
): Promise<readonly Dependent[]> {
  const dependents: Dependent[] = [];
  for (const context of listContexts(directory).contexts) {
    const entry = await outdatedEntry(session.reader, context);
    if (entry !== undefined && clients.has(entry.name))
      dependents.push(await refresh(session, { directory, context, entry }));
  }
  return dependents;
}

type Outdated = { readonly directory: string; readonly context: DockerContext; readonly entry: Entry };

async function refresh(session: Session, { directory, context, entry }: Outdated): Promise<Dependent> {
  const next = `docker-mtls context update ${shellWord(context.name)}`;
  const dependent = { kind: 'context', place: context.name, client: entry.name } as const;
  if (!hasKey(await inPlace(session, entry))) return { ...dependent, refreshed: false, next };
  const result = await refreshedOrNot(dependent, async () => {
    updateContext(directory, context.name, { tls: await newerTls(session, context) });
  });
  return result.refreshed ? result : { ...result, next };
}
