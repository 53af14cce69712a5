import { type ContextTls } from '@docker-mtls/bundle';
import { isEncryptedKey, isPair, readCertificates, readKeyPair } from '@docker-mtls/ca';
import { isMtlsError } from '@docker-mtls/errors';
import { ContextError } from '../error.ts';

/**
 * What the Docker CLI would stumble over at the first use: a file that is not what its name says, an encrypted key,
 * a key of another certificate, one of the two without the other. Dates and issuers are for `checkContext` to tell:
 * they change without anybody's doing. Code: `CONTEXT_TLS_INVALID`.
 */
export function requireUsableTls({ ca, certificate, key }: ContextTls): void {
  if (ca !== undefined) explained('ca.pem', () => readCertificates(ca));
  if (certificate === undefined && key === undefined) return;
  if (certificate === undefined || key === undefined)
    throw invalid('cert.pem and key.pem go together, and one is missing');
  if (isEncryptedKey(key)) throw invalid('key.pem is encrypted, and the Docker CLI cannot use it');
  const [leaf] = explained('cert.pem', () => readCertificates(certificate));
  const keyPair = explained('key.pem', () => readKeyPair(key));
  if (leaf === undefined || !isPair(leaf, keyPair)) throw invalid('key.pem is not the key of cert.pem');
}

function explained<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isMtlsError(error)) throw invalid(`${file} cannot be used: ${error.message}`, error);
    throw error;
  }
}

function invalid(message: string, cause?: unknown): ContextError {
  return new ContextError('CONTEXT_TLS_INVALID', message, {
    hint: 'take ca.pem, cert.pem and key.pem from one bundle, as docker-mtls bundle made it',
    cause,
  });
}
