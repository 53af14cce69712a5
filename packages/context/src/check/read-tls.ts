import { TLS_FILES, type ContextTls } from '@docker-mtls/bundle';
import {
  isPair,
  parsePem,
  privateKeyToPem,
  readLeaf,
  readTlsKey,
  readTrustedRoots,
  toPem,
  type Certificate,
} from '@docker-mtls/ca';
import { isMtlsError, unlessRefused } from '@docker-mtls/errors';

/** `leaf` and `pair` only with a key that is its own. */
export type ReadTls = {
  readonly roots: readonly Certificate[];
  readonly leaf: Certificate | undefined;
  /** PEM: what the docker command would send and sign with. */
  readonly pair?: { readonly certificate: string; readonly key: string };
};

/** The files of a context as the docker command would use them, or what keeps it from that, in words. */
export function parseContextTls({ ca, certificate, key }: ContextTls): ReadTls | string {
  try {
    const roots = ca === undefined ? [] : named('ca', () => readTrustedRoots(ca).certificates);
    // The CLI loads a pair only where both files are there (docker/cli cli/context/docker/load.go).
    if (certificate === undefined || key === undefined) return { roots, leaf: undefined };
    const leaf = named('certificate', () => readLeaf(certificate));
    const keyPair = named('key', () => readTlsKey(key, 'docker'));
    if (!isPair(leaf, keyPair)) return 'key.pem is not the key of cert.pem';
    return { roots, leaf, pair: { certificate: chainOf(certificate), key: privateKeyToPem(keyPair) } };
  } catch (thrown) {
    if (thrown instanceof Unusable) return thrown.message;
    throw thrown;
  }
}

class Unusable extends Error {}

function named<T>(kind: keyof typeof TLS_FILES, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (isMtlsError(thrown)) throw new Unusable(`${TLS_FILES[kind]}: ${thrown.message}`);
    throw thrown;
  }
}

/** Everything after the leaf is sent as it is. */
function chainOf(pem: Buffer): string {
  const blocks = parsePem(pem).filter(({ label }) => label === 'CERTIFICATE');
  return blocks.map(({ label, der }) => toPem(label, der)).join('');
}

/** A context's client certificate; `undefined` where there is none that can be read. */
export function readClientCertificate({ certificate }: ContextTls): Certificate | undefined {
  return certificate && unlessRefused(() => readLeaf(certificate));
}
