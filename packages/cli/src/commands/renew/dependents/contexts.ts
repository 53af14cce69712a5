import { hasKey, inPlace } from '@docker-mtls/authority';
import { listContexts, updateContext } from '@docker-mtls/context';
import { hasCode, shellWord } from '@docker-mtls/errors';
import type { CliSession } from '../../../ca/session.ts';
import { dockerFolder } from '../../../client/docker-contexts.ts';
import type { Io } from '../../../io/io.ts';
import { newerEntry } from '../../context/issued-entry.ts';
import { newerTls } from '../../context/newer-tls.ts';
import { refreshedOrNot } from './dependent.ts';
import type { Dependent } from './dependent.ts';

/** Refreshes the contexts of this user that hold an older certificate of these clients. */
export function refreshContexts(session: CliSession, clients: ReadonlySet<string>): readonly Dependent[] {
  return foldersOf(session.io).flatMap((folder) =>
    listContexts(folder).contexts.flatMap((context) => {
      const entry = newerEntry(session.reader, context);
      if (entry === undefined || !clients.has(entry.name)) return [];
      const command = `docker-mtls context update ${shellWord(context.name)}`;
      const dependent = { kind: 'context', place: context.name, client: entry.name } as const;
      if (!hasKey(inPlace(session, entry))) return [{ ...dependent, refreshed: false, next: command }];
      const result = refreshedOrNot(dependent, () =>
        updateContext(folder, context.name, { tls: newerTls(session, context) }),
      );
      return [result.refreshed ? result : { ...result, next: command }];
    }),
  );
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
