import { type ContextTls } from '@docker-mtls/bundle';
import { parseContextTls } from '../check/read-tls.ts';
import { ContextError } from '../error.ts';

/**
 * What the Docker CLI would fail with at the first use: a file that is not what its name says, an encrypted key, a key of
 * another certificate, one of the two without the other. Dates and issuers are for `checkContext`: they change by
 * themselves. Code: `CONTEXT_TLS_INVALID`.
 */
export function requireUsableTls(tls: ContextTls): void {
  const { certificate, key } = tls;
  if ((certificate === undefined) !== (key === undefined))
    throw invalid('cert.pem and key.pem belong together, and one is missing');
  const files = parseContextTls(tls);
  if (typeof files === 'string') throw invalid(files);
}

function invalid(message: string): ContextError {
  return new ContextError('CONTEXT_TLS_INVALID', message, {
    hint: 'take ca.pem, cert.pem and key.pem from one bundle, as docker-mtls bundle made it',
  });
}
