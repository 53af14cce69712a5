import type { RenewedPair } from '@docker-mtls/authority';
import { listContexts } from '@docker-mtls/context';
import { hasCode } from '@docker-mtls/errors';
import { certificateOf, dockerFolder } from '../../client/docker-contexts.ts';
import type { Io } from '../../io/io.ts';

/** A context of this user that holds a certificate which was just replaced. */
export type OutdatedContext = { readonly context: string; readonly client: string };

export function contextsOf(io: Io, renewed: readonly RenewedPair[]): readonly OutdatedContext[] {
  const names = new Map(renewed.map(({ replaces, name }) => [replaces, name]));
  return foldersOf(io).flatMap((folder) =>
    listContexts(folder).contexts.flatMap(({ name: context, tls }) => {
      const client = names.get(certificateOf(tls)?.serial ?? '');
      return client === undefined ? [] : [{ context, client }];
    }),
  );
}

/** A service may have no home, and no contexts then. */
function foldersOf(io: Io): readonly string[] {
  try {
    return [dockerFolder(io)];
  } catch (error) {
    if (hasCode(error, 'USAGE')) return [];
    throw error;
  }
}
