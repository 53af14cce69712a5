import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { failed, NO_ANSWER, PATIENCE } from './answer.ts';
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
    let known: Answer = { kind: 'silent', detail: NO_ANSWER };
    const settle = (answer: Answer): void => {
      clearTimeout(patience);
      request.destroy();
      resolve(shown === undefined ? answer : { ...answer, shown });
    };
    // Not the timeout of Node's requests: a socket of our own has none, and a word now and then would put it off.
    const patience = setTimeout(() => settle(known), PATIENCE);
    socket.once('secureConnect', () => (shown = fingerprint(socket as tls.TLSSocket)));
    request.once('response', (response) => {
      known = answered(response);
      if (response.statusCode === 200) hear(response, (isOk) => settle(isOk ? served(response) : known));
      else settle(known);
    });
    // Whoever was told a status has come in, however that ended.
    request.on('error', (error: NodeJS.ErrnoException) =>
      settle(known.kind === 'silent' ? failed(error) : known),
    );
    request.end();
  });
}

function fingerprint(socket: tls.TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase();
}

/** moby api/server/router/system pingHandler: all that an engine that serves says; 403 and 500 are its plugins' words. */
const OK = 'OK';

/** Is that what the body says? No more of it is read than it takes to tell. */
function hear(response: http.IncomingMessage, then: (isOk: boolean) => void): void {
  let said = '';
  response.setEncoding('latin1').on('data', (text: string) => {
    said += text;
    if (said.length > OK.length) then(false);
  });
  response.once('end', () => then(said === OK)).once('error', () => then(false));
}

function served(response: http.IncomingMessage): Answer {
  return { kind: 'served', detail: statusText(response) };
}

function answered(response: http.IncomingMessage): Answer {
  const detail = statusText(response);
  return { kind: 'answered', detail: response.statusCode === 200 ? `${detail}, without its OK` : detail };
}

/** The words of a stranger go to a terminal: of a version, only one is repeated that is one. */
function statusText({ statusCode, headers }: http.IncomingMessage): string {
  const version = headers['api-version'];
  if (version === undefined) return `HTTP ${statusCode}`;
  const isVersion = typeof version === 'string' && /^\d{1,3}\.\d{1,3}$/.test(version);
  return `HTTP ${statusCode}, API ${isVersion ? version : 'unclear'}`;
}
