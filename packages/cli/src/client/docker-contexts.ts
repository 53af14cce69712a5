import type { BundleFiles, ContextTls, DockerContext } from '@docker-mtls/bundle';
import { readTrustedRoots } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import {
  createContext,
  dockerConfigDirectory,
  findContext,
  readClientCertificate,
  updateContext,
} from '@docker-mtls/context';
import { isMtlsError, MtlsError, quote } from '@docker-mtls/errors';
import { colons } from '@docker-mtls/text';
import { homeFolder } from '../io/home-folder.ts';
import type { Io } from '../io/io.ts';

/** A context as it is to be. */
export type WantedContext = {
  readonly name: string;
  readonly description: string;
  readonly host: string;
  /** Omitted for an engine over SSH. */
  readonly tls?: Required<ContextTls>;
};

/** What becomes of it: there may be one already. */
export type ContextPlan = { readonly wanted: WantedContext; readonly isThere: boolean };

export type InstalledContext = {
  readonly name: string;
  readonly host: string;
  readonly action: 'made' | 'refreshed' | 'unchanged';
};

/** The folder of the Docker CLI's configuration. */
export function dockerFolder(io: Io): string {
  const { env } = io;
  return dockerConfigDirectory(env, env['DOCKER_CONFIG'] ? '' : homeFolder(io, 'set DOCKER_CONFIG'));
}

/** A client's PEM files, as a context keeps them. */
export function contextTls({ ca, certificate, key }: Required<BundleFiles>): Required<ContextTls> {
  return { ca: Buffer.from(ca), certificate: Buffer.from(certificate), key: Buffer.from(key) };
}

/**
 * Throws, before anything is written, when a context of that name is somebody else's: of another engine, client or CA.
 * `CONTEXT_EXISTS` with the caller's hint, unless `force`.
 */
export function planContext(
  directory: string,
  wanted: WantedContext,
  { force, hint }: { readonly force: boolean; readonly hint: string },
): ContextPlan {
  const old = findContext(directory, wanted.name);
  if (old !== undefined && !force) refuseOther(old, wanted, hint);
  return { wanted, isThere: old !== undefined };
}

/** Makes the context, or brings it up to date. */
export function installContext(directory: string, { wanted, isThere }: ContextPlan): InstalledContext {
  const { name, host, tls } = wanted;
  if (!isThere) {
    createContext(directory, wanted);
    return { name, host, action: 'made' };
  }
  const changed = updateContext(directory, name, { host, tls, skipTlsVerify: false });
  return { name, host, action: changed ? 'refreshed' : 'unchanged' };
}

function refuseOther(old: DockerContext, wanted: WantedContext, hint: string): void {
  const { name, host } = wanted;
  const tls: ContextTls = wanted.tls ?? {};
  const [before, after] = [old.tls, tls].map((files) => certificateOf(files)?.subject.commonName);
  if (old.host !== host) throw taken(name, `is for ${old.host}`, hint);
  if (before !== undefined && before !== after) throw taken(name, `is ${before}'s`, hint);
  if (before === undefined && old.tls.certificate !== undefined)
    throw taken(name, 'has a certificate that tells no client', hint);
  refuseOtherCa(old, tls, hint);
}

/** A CA that the context does not trust yet would decide from now on what its engine is. */
export function refuseOtherCa({ name, tls: old }: DockerContext, tls: ContextTls, hint: string): void {
  if (old.ca === undefined) return;
  const [known, wanted] = [rootsOf(old), rootsOf(tls)];
  const strangers = wanted.filter(({ publicKey }) => !known.some((root) => root.publicKey.equals(publicKey)));
  if (strangers.length === 0) return;
  const trusted = known.length === 0 ? 'no CA that can be read' : `the CA ${fingerprints(known)}`;
  const message = `the context ${quote(name)} trusts ${trusted}, and the new files are of the CA ${fingerprints(strangers)}`;
  throw new MtlsError('CONTEXT_EXISTS', message, {
    hint: `compare the new SHA-256 fingerprint with the CA's administrator; ${hint}`,
  });
}

function fingerprints(roots: readonly CertificateInfo[]): string {
  return roots.map(({ fingerprint }) => `with SHA-256 ${colons(fingerprint)}`).join(' and ');
}

/** The CA certificates by which a context verifies its engine; none that can be read. */
export function rootsOf({ ca }: ContextTls): readonly CertificateInfo[] {
  try {
    return ca === undefined ? [] : readTrustedRoots(ca).certificates.map(({ info }) => info);
  } catch (error) {
    if (isMtlsError(error)) return [];
    throw error;
  }
}

/** Whether a context verifies its engine by a CA that is not among these roots: then those cannot take its place. */
export function hasOtherCa({ tls }: DockerContext, wanted: ContextTls): boolean {
  const [known, ours] = [rootsOf(tls), rootsOf(wanted)];
  return (
    known.length > 0 && !known.some(({ publicKey }) => ours.some((root) => root.publicKey.equals(publicKey)))
  );
}

/** A context's client certificate; `undefined` where there is none that can be read. */
export function certificateOf(tls: ContextTls): CertificateInfo | undefined {
  return readClientCertificate(tls)?.info;
}

function taken(name: string, whose: string, hint: string): MtlsError {
  return new MtlsError('CONTEXT_EXISTS', `context ${quote(name)} already exists, and it ${whose}`, { hint });
}
