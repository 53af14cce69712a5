import type { BundleFiles, ContextTls, DockerContext } from '@docker-mtls/bundle';
import { quote } from '@docker-mtls/errors';
import { refuseOtherCa } from '../check/context-roots.ts';
import { readClientCertificate } from '../check/read-tls.ts';
import { ContextError } from '../error.ts';
import { findContext } from './read-contexts.ts';
import { createContext, updateContext } from './write-contexts.ts';

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
  const [before, after] = [contextClient(old.tls), contextClient(tls)];
  if (old.host !== host) throw taken(name, `is for ${old.host}`, hint);
  if (before !== undefined && before !== after) throw taken(name, `is ${before}'s`, hint);
  if (before === undefined && old.tls.certificate !== undefined)
    throw taken(name, 'has a certificate that tells no client', hint);
  refuseOtherCa(old, tls, hint);
}

/** The client whose certificate a context has; `undefined` where there is none that can be read. */
export function contextClient(tls: ContextTls): string | undefined {
  return readClientCertificate(tls)?.info.subject.commonName;
}

function taken(name: string, whose: string, hint: string): ContextError {
  return new ContextError('CONTEXT_EXISTS', `context ${quote(name)} already exists, and it ${whose}`, {
    hint,
  });
}
