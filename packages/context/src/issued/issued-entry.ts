import type { DockerContext } from '@docker-mtls/bundle';
import type { CertificateInfo } from '@docker-mtls/ca';
import type { Entry, StoreReader } from '@docker-mtls/ca-directory';
import { rootsOf } from '../check/context-roots.ts';
import { readClientCertificate } from '../check/read-tls.ts';

/** The client that a context's certificate was issued to, by this CA: with the certificate that is in use now. */
export async function issuedEntry(reader: StoreReader, { tls }: DockerContext): Promise<Entry | undefined> {
  const info = readClientCertificate(tls)?.info;
  const name = info?.subject.commonName;
  const entry = name === undefined ? undefined : await reader.current('client', name);
  if (entry === undefined) return undefined;
  const isOurs = (await reader.authorities()).some(({ keyId }) => keyId === info?.authorityKeyId);
  return isOurs ? entry : undefined;
}

/** The same, when the context has another certificate than that. */
export async function newerEntry(reader: StoreReader, context: DockerContext): Promise<Entry | undefined> {
  const entry = await issuedEntry(reader, context);
  return entry?.fingerprint === readClientCertificate(context.tls)?.info.fingerprint ? undefined : entry;
}

/** The same, also when its ca.pem is not what the CA hands out now, as in the course of a rotation. */
export async function outdatedEntry(reader: StoreReader, context: DockerContext): Promise<Entry | undefined> {
  const newer = await newerEntry(reader, context);
  return newer ?? ((await hasOldRoots(reader, context)) ? issuedEntry(reader, context) : undefined);
}

/** A context that verifies its engine by another CA keeps that one. */
async function hasOldRoots(reader: StoreReader, { tls }: DockerContext): Promise<boolean> {
  const own = new Set(
    (await reader.entries({ kind: 'ca', all: true })).map(({ fingerprint }) => fingerprint),
  );
  const held = rootsOf(tls).filter(({ fingerprint }) => own.has(fingerprint));
  const { roots } = await reader.authority();
  return held.length > 0 && fingerprintsOf(held) !== fingerprintsOf(roots.map(({ info }) => info));
}

function fingerprintsOf(certificates: readonly CertificateInfo[]): string {
  return certificates
    .map(({ fingerprint }) => fingerprint)
    .toSorted()
    .join(' ');
}
