import path from 'node:path';
import type { PairOf } from '@docker-mtls/authority';
import { readCertificates } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { listContexts } from '@docker-mtls/context';
import { isMtlsError } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';
import type { CliSession } from '../../../ca/session.ts';
import { certificateOf } from '../../../client/docker-contexts.ts';
import { foldersOf } from '../dependents/contexts.ts';

/**
 * Which pairs are renewed unattended: those of servers, and of the clients whose pair this user's Docker CLI uses here, in a
 * context or as its own. A client somewhere else needs a bundle; and somebody who has left should not be renewed for ever.
 */
export async function usedHere({
  reader,
  io,
}: Pick<CliSession, 'reader' | 'io'>): Promise<(pair: PairOf) => boolean> {
  const authority = await reader.authority();
  const roots = new Set(authority.roots.map(({ info }) => info.keyId));
  const found = foldersOf(io)
    .flatMap((folder) => [...inContexts(folder), ...plainly(folder)])
    .filter(({ authorityKeyId }) => roots.has(authorityKeyId));
  const names = new Set(found.map(({ subject }) => subject.commonName));
  return ({ kind, name }) => kind === 'server' || names.has(name);
}

function inContexts(folder: string): readonly CertificateInfo[] {
  return orNone(() => listContexts(folder).contexts.flatMap(({ tls }) => certificateOf(tls) ?? []));
}

/** docker/cli: without DOCKER_CERT_PATH, the pair next to config.json is used. */
function plainly(folder: string): readonly CertificateInfo[] {
  return orNone(() => {
    const bytes = readFileIfExists(path.join(folder, 'cert.pem'));
    return bytes === undefined ? [] : readCertificates(bytes).map(({ info }) => info);
  });
}

function orNone(read: () => readonly CertificateInfo[]): readonly CertificateInfo[] {
  try {
    return read();
  } catch (error) {
    if (isMtlsError(error)) return [];
    throw error;
  }
}
