import path from 'node:path';
import { certificateFolder, listContexts, readClientCertificate } from '@docker-mtls/context';
import type { StoredContext } from '@docker-mtls/context';
import { isMtlsError } from '@docker-mtls/errors';
import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import { notSeen } from '../not-seen.ts';
import type { FoundCopy } from './copy.ts';

export type ContextCopies = {
  readonly copies: readonly FoundCopy[];
  readonly findings: readonly FoundFinding[];
};

/** The contexts in a folder of the Docker CLI's configuration that have a client certificate. */
export function contextCopies(directory: string): ContextCopies {
  try {
    const { contexts, unreadable } = listContexts(directory);
    return {
      copies: contexts.flatMap((context) => copyOf(directory, context)),
      findings: unreadable.map(({ file, reason }) =>
        found('contexts', 'context-unreadable', { subject: file, message: reason }),
      ),
    };
  } catch (error) {
    if (!isMtlsError(error)) throw error;
    return { copies: [], findings: [notSeen(directory, error.message, error.hint)] };
  }
}

function copyOf(directory: string, { name, tls }: StoredContext): readonly FoundCopy[] {
  if (tls.certificate === undefined) return [];
  const key = path.join(certificateFolder(directory, name), 'key.pem');
  const secrets = tls.key === undefined ? [] : [key];
  return [{ kind: 'context', place: name, certificate: readClientCertificate(tls), secrets }];
}
