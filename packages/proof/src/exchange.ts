import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

/** The engine as it is reached: `name` is what its certificate must say, `host` where the connection goes. */
export type Target = {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** PEM of the roots that the engine's certificate must chain to. */
  readonly roots: string;
};

/** A client's pair, PEM. */
export type Pair = { readonly certificate: string; readonly key: string };

/**
 * What came of one request. `served`: HTTP was spoken, with whatever status; `refused`: the connection was made
 * and then turned away; `unreachable`: nobody answered; `mistrusted`: the engine's own certificate is wrong.
 */
export type Answer = {
  readonly kind: 'served' | 'refused' | 'unreachable' | 'mistrusted';
  readonly detail: string;
  /** SHA-256 of the certificate that the engine showed, in lower-case hex. */
  readonly shown?: string;
};

const PATIENCE = 5000;

/**
 * Asks the engine for `/_ping` over TLS, with a pair or without. Under TLS 1.3 a client believes the handshake
 * done before the server has looked at its certificate (RFC 8446 4.4.2.4), so only an answered request counts.
 */
export function askOverTls(target: Target, pair: Pair | undefined): Promise<Answer> {
  const { host, port, name, roots } = target;
  return answerOf(
    https.request({
      host,
      port,
      path: '/_ping',
      agent: false,
      timeout: PATIENCE,
      ca: roots,
      ...(pair && { cert: pair.certificate, key: pair.key }),
      servername: net.isIP(name) === 0 ? name : '',
      checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
    }),
  );
}

/** Asks for `/_ping` in the clear, as a client would that knows nothing of TLS. */
export async function askInTheClear({ host, port }: Target): Promise<Answer> {
  const answer = await answerOf(
    http.request({ host, port, path: '/_ping', agent: false, timeout: PATIENCE }),
  );
  // Go answers plain HTTP on a TLS port with this status and a sentence, and serves nothing.
  return answer.kind === 'served' && answer.detail === 'HTTP 400' ? { ...answer, kind: 'refused' } : answer;
}

function answerOf(request: http.ClientRequest): Promise<Answer> {
  return new Promise((resolve) => {
    let shown: string | undefined;
    const settle = (answer: Answer): void => {
      request.destroy();
      resolve(shown === undefined ? answer : { ...answer, shown });
    };
    request.once('socket', (socket) => {
      socket.once('secureConnect', () => (shown = fingerprint(socket as tls.TLSSocket)));
    });
    request.once('response', (response) => settle(served(response)));
    request.once('timeout', () =>
      settle({ kind: 'unreachable', detail: `no answer within ${PATIENCE / 1000} s` }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    request.end();
  });
}

function fingerprint(socket: tls.TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
}

function served({ statusCode, headers }: http.IncomingMessage): Answer {
  const version = headers['api-version'];
  return {
    kind: 'served',
    detail: version === undefined ? `HTTP ${statusCode}` : `HTTP ${statusCode}, API ${version}`,
  };
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);

function failed(error: NodeJS.ErrnoException): Answer {
  const { code = '', message } = error;
  if (UNREACHABLE.has(code)) return { kind: 'unreachable', detail: code };
  const alert = alertOf(error);
  if (alert !== undefined) return { kind: 'refused', detail: `TLS alert: ${alert}` };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'refused', detail: 'connection closed' };
  return { kind: 'mistrusted', detail: code === '' ? message : code };
}

/**
 * What the peer's TLS alert said, if it was one that ended the connection: OpenSSL puts it in the code, or, when it
 * comes while we write, in the message of an EPROTO.
 */
function alertOf({ code = '', message }: NodeJS.ErrnoException): string | undefined {
  const [, inCode] = /^ERR_SSL_.*ALERT_(.+)$/.exec(code) ?? [];
  if (inCode !== undefined) return inCode.toLowerCase().replaceAll('_', ' ');
  const [, inMessage] = code === 'EPROTO' ? (/ alert ([a-z ]+):/.exec(message) ?? []) : [];
  return inMessage;
}
