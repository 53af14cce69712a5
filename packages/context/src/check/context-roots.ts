import type { ContextTls, DockerContext } from '@docker-mtls/bundle';
import { readTrustedRoots } from '@docker-mtls/ca';
import type { CertificateInfo } from '@docker-mtls/ca';
import { quote, unlessRefused } from '@docker-mtls/errors';
import { colons } from '@docker-mtls/text';
import { ContextError } from '../error.ts';

/** The CA certificates by which a context verifies its engine; none that can be read. */
export function rootsOf({ ca }: ContextTls): readonly CertificateInfo[] {
  if (ca === undefined) return [];
  return unlessRefused(() => readTrustedRoots(ca).certificates.map(({ info }) => info)) ?? [];
}

/** Whether a context verifies its engine by a CA that is not among these roots: then those cannot take its place. */
export function hasOtherCa({ tls }: DockerContext, wanted: ContextTls): boolean {
  const [known, ours] = [rootsOf(tls), rootsOf(wanted)];
  return known.length > 0 && !known.some((root) => isAmong(ours, root));
}

/**
 * A CA that the context does not trust yet would decide from now on what its engine is. `CONTEXT_EXISTS` with the caller's
 * hint.
 */
export function refuseOtherCa({ name, tls: old }: DockerContext, tls: ContextTls, hint: string): void {
  if (old.ca === undefined) return;
  const known = rootsOf(old);
  const strangers = rootsOf(tls).filter((root) => !isAmong(known, root));
  if (strangers.length === 0) return;
  const trusted = known.length === 0 ? 'no CA that can be read' : `the CA ${fingerprints(known)}`;
  const message = `the context ${quote(name)} trusts ${trusted}, and the new files are of the CA ${fingerprints(strangers)}`;
  throw new ContextError('CONTEXT_EXISTS', message, {
    hint: `compare the new SHA-256 fingerprint with the CA's administrator; ${hint}`,
  });
}

/** A renewed CA is the same: it has its key. */
function isAmong(roots: readonly CertificateInfo[], { publicKey }: CertificateInfo): boolean {
  return roots.some((root) => root.publicKey.equals(publicKey));
}

function fingerprints(roots: readonly CertificateInfo[]): string {
  return roots.map(({ fingerprint }) => `with SHA-256 ${colons(fingerprint)}`).join(' and ');
}
