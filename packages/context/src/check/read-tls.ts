import { type ContextTls } from '@docker-mtls/bundle';
import {
  isEncryptedKey,
  isPair,
  privateKeyToPem,
  readCertificates,
  readKeyPair,
  type Certificate,
} from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';

/** `leaf` and `pair` only with a key that is its own. */
export type ReadTls = {
  readonly roots: readonly Certificate[];
  readonly leaf: Certificate | undefined;
  /** PEM: what the docker command would send and sign with. */
  readonly pair?: { readonly certificate: string; readonly key: string };
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^-]*-----END (?:[A-Z]+ )?PRIVATE KEY-----/g;

/** The certificates of a context as the docker command would use them, or what keeps it from that, in words. */
export function readTls({ ca, certificate, key }: ContextTls): ReadTls | string {
  try {
    const roots = certificatesIn(ca);
    const certificates = certificatesIn(certificate);
    const [leaf] = certificates;
    if (leaf === undefined || key === undefined) return { roots, leaf: undefined };
    const [own = key] = blocksIn(key, PRIVATE_KEY);
    if (isEncryptedKey(own)) return 'its key is encrypted, and the docker command cannot use it';
    const keyPair = readKeyPair(own);
    if (!isPair(leaf, keyPair)) return 'its key is not the one of its certificate';
    const pair = { certificate: certificates.map(({ pem }) => pem).join(''), key: privateKeyToPem(keyPair) };
    return { roots, leaf, pair };
  } catch (thrown) {
    if (isMtlsError(thrown)) return thrown.message;
    throw thrown;
  }
}

/** A context's client certificate; `undefined` where there is none that can be read. */
export function readClientCertificate({ certificate }: ContextTls): Certificate | undefined {
  try {
    return certificatesIn(certificate)[0];
  } catch (thrown) {
    if (isMtlsError(thrown)) return undefined;
    throw thrown;
  }
}

function certificatesIn(pem: Buffer | undefined): readonly Certificate[] {
  return pem === undefined ? [] : readCertificates(blocksIn(pem, CERTIFICATE).join('\n'));
}

/** What Go looks for in a PEM file (crypto/tls X509KeyPair, crypto/x509 AppendCertsFromPEM): it passes over all else. */
function blocksIn(pem: Buffer, block: RegExp): readonly string[] {
  return pem.toString('latin1').match(block) ?? [];
}
