import path from 'node:path';
import type { PairOf } from '@docker-mtls/authority/renewal';
import { readCertificates } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import type { StoreReader } from '@docker-mtls/ca-directory';
import { unlessRefused } from '@docker-mtls/errors';
import { readFileIfExists } from '@docker-mtls/files';
import { readClientCertificate } from '../check/read-tls.ts';
import { listContexts } from '../store/read-contexts.ts';

/**
 * Which pairs are renewed unattended: those of servers, and of the clients whose pair this user's Docker CLI uses here, in a
 * context or as its own. A client somewhere else needs a bundle; and somebody who has left should not be renewed for ever.
 */
export async function usedHere(
  reader: StoreReader,
  directory: string | undefined,
): Promise<(pair: PairOf) => boolean> {
  const authority = await reader.authority();
  const roots = new Set(authority.roots.map(({ info }) => info.keyId));
  const found = directory === undefined ? [] : [...inContexts(directory), ...plainly(directory)];
  const ours = found.filter(({ authorityKeyId }) => roots.has(authorityKeyId));
  const names = new Set(ours.map(({ subject }) => subject.commonName));
  return ({ kind, name }) => kind === 'server' || names.has(name);
}

function inContexts(directory: string): readonly CertificateInfo[] {
  const contexts = unlessRefused(() => listContexts(directory).contexts) ?? [];
  return contexts.flatMap(({ tls }) => readClientCertificate(tls)?.info ?? []);
}

/** docker/cli: without DOCKER_CERT_PATH, the pair next to config.json is used. */
function plainly(directory: string): readonly CertificateInfo[] {
  const certificates = unlessRefused(() => {
    const bytes = readFileIfExists(path.join(directory, 'cert.pem'));
    return bytes && readCertificates(bytes);
  });
  return (certificates ?? []).map(({ info }) => info);
}
