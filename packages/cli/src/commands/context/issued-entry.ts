import type { DockerContext } from '@docker-mtls/bundle';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { certificateOf } from '../../client/docker-contexts.ts';

/** The client that a context's certificate was issued to, by this CA: with the certificate that is in use now. */
export async function issuedEntry(reader: StoreReader, { tls }: DockerContext): Promise<Entry | undefined> {
  const info = certificateOf(tls);
  const name = info?.subject.commonName;
  const entry = name === undefined ? undefined : await reader.current('client', name);
  if (entry === undefined) return undefined;
  const isOurs = (await reader.authorities()).some(({ keyId }) => keyId === info?.authorityKeyId);
  return isOurs ? entry : undefined;
}

/** The same, when the context has another certificate than that. */
export async function newerEntry(reader: StoreReader, context: DockerContext): Promise<Entry | undefined> {
  const entry = await issuedEntry(reader, context);
  return entry?.fingerprint === certificateOf(context.tls)?.fingerprint ? undefined : entry;
}
