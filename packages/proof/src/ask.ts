import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { failed, noAnswer, PATIENCE } from './answer.ts';
import type { Answer, Pair, Target } from './answer.ts';

/**
 * Asks the engine for `/_ping` over TLS, with a pair or without. Under TLS 1.3 a client believes the handshake
 * done before the server has looked at its certificate (RFC 8446 4.4.2.4), so only an answered request counts.
 */
export function askOverTls(socket: net.Socket, target: Target, pair: Pair | undefined): Promise<Answer> {
  const { name, roots } = target;
  const secured = tls.connect({
    socket,
    ca: roots,
    ...(pair && { cert: pair.certificate, key: pair.key }),
    servername: net.isIP(name) === 0 ? name : '',
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(name, certificate),
  });
  return ask(secured, target);
}

/** Asks for `/_ping` in the clear, as a client would that knows nothing of TLS. */
export async function askInTheClear(socket: net.Socket, target: Target): Promise<Answer> {
  const asked = ask(socket, target);
  socket.resume();
  const answer = await asked;
  // Go answers plain HTTP on a TLS port with this status and a sentence, and serves nothing.
  return answer.kind === 'answered' && answer.detail === 'HTTP 400' ? { ...answer, kind: 'refused' } : answer;
}

function ask(socket: net.Socket | tls.TLSSocket, { host, port }: Target): Promise<Answer> {
  return new Promise((resolve) => {
    const request = http.request({
      host,
      port,
      path: '/_ping',
      createConnection: () => socket,
    });
    let shown: string | undefined;
    const settle = (answer: Answer): void => {
      clearTimeout(patience);
      request.destroy();
      resolve(shown === undefined ? answer : { ...answer, shown });
    };
    // Not the timeout of Node's requests: a socket of our own has none, and a word now and then would put it off.
    const patience = setTimeout(() => settle(noAnswer()), PATIENCE);
    socket.once('secureConnect', () => (shown = fingerprint(socket as tls.TLSSocket)));
    request.once('response', (response) => settle(spoken(response)));
    request.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    request.end();
  });
}

function fingerprint(socket: tls.TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
}

/** moby api/server/router/system pingHandler: an engine that serves says 200; 403 and 500 are its plugins' words. */
function spoken({ statusCode, headers }: http.IncomingMessage): Answer {
  const version = headers['api-version'];
  return {
    kind: statusCode === 200 ? 'served' : 'answered',
    detail: version === undefined ? `HTTP ${statusCode}` : `HTTP ${statusCode}, API ${version}`,
  };
}
