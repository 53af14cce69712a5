import https from 'node:https';
import type { SecureVersion } from 'node:tls';

/** Whom to ask, and with what: PEM texts. Without a pair, no client certificate is shown. */
export type TlsRequest = {
  readonly port: number;
  readonly host?: string;
  readonly path?: string;
  readonly ca: string;
  readonly pair?: { readonly certificate: string; readonly key: string };
  readonly version?: SecureVersion;
};

/** What came back: an answer, or the reason why there was none. */
export type TlsAnswer = { readonly status: number; readonly body: string } | { readonly refused: string };

/**
 * Sends one request over mutual TLS and waits for its answer. Under TLS 1.3 the client's handshake is complete before
 * the server has looked at the client's certificate, so that only an answered request proves anything.
 */
export function tlsRequest(options: TlsRequest): Promise<TlsAnswer> {
  return new Promise((resolve) => {
    const request = https.get(requestOptions(options), (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => resolve({ refused: error.message }));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.once('timeout', () => request.destroy(new Error('no answer in time')));
    request.once('error', (error) => resolve({ refused: error.message }));
  });
}

function requestOptions({ port, host = 'localhost', path = '/_ping', ca, pair, version }: TlsRequest) {
  const own = pair === undefined ? {} : { cert: pair.certificate, key: pair.key };
  const versions = version === undefined ? {} : { minVersion: version, maxVersion: version };
  return { host, port, path, ca, ...own, ...versions, agent: false, timeout: 60_000 } as const;
}
