import type net from 'node:net';
import type tls from 'node:tls';
import { endOfHandshake } from './end-of-handshake.ts';
import { isAddress } from './is-address.ts';
import { CLOSED, failed } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { PairPem, ProofTarget, TlsVersion } from './order.ts';
import { presentedOf } from './presented.ts';
import { reach } from './reach.ts';
import { requestPing } from './request-ping.ts';
import { readServerFlight } from './server-flight.ts';
import { tap } from './tap.ts';

/** How a client appears that knows nothing of the server. */
export type Stance = {
  /** Sent as SNI, where it is a DNS name. */
  readonly name: string;
  readonly version?: TlsVersion;
  /** What the client shows to any server. */
  readonly pair?: PairPem;
  /** A session of an earlier connection that is to be resumed. */
  readonly session?: Buffer;
  /** Names of application protocols (ALPN); without it, none is offered. */
  readonly protocols?: readonly string[];
};

/** What came of it; `outcome.presented` holds the certificate of a server that nothing else vouches for. */
export type AskedAnyone = {
  readonly outcome: ProbeOutcome;
  /** The application protocol that the server chose. */
  readonly protocol?: string;
  /** What resumes the session. */
  readonly session?: Buffer;
  readonly isResumed?: boolean;
  /** Was a certificate of the client asked for? Absent where the handshake did not come as far, or a session was resumed. */
  readonly isAskedForPair?: boolean;
};

/**
 * Asks a server for `/_ping`, whatever certificate it shows; without a stance, over plain HTTP. A request is sent even
 * where a rejection could still come: under TLS 1.3 the handshake says nothing of whether the client is accepted (RFC 8446
 * section 4.4.2.4), an answer does. All of it takes `patienceMs` at most, and no more than 192 kB are read.
 */
export async function askAnyone(
  target: ProofTarget,
  stance: Stance | undefined,
  patienceMs: number,
): Promise<AskedAnyone> {
  const end = performance.now() + patienceMs;
  const left = (): number => Math.max(1, Math.round(end - performance.now()));
  const reached = await reach(target, patienceMs);
  if ('outcome' in reached) return { outcome: reached.outcome };
  const { socket } = reached;
  try {
    return stance === undefined
      ? await inTheClear(socket, target.host, left())
      : await overTls(socket, stance, left);
  } finally {
    socket.destroy();
  }
}

async function inTheClear(socket: net.Socket, name: string, patienceMs: number): Promise<AskedAnyone> {
  const asked = requestPing(socket, { name, patienceMs });
  socket.resume();
  return { outcome: await asked };
}

async function overTls(socket: net.Socket, stance: Stance, left: () => number): Promise<AskedAnyone> {
  const tapped = tap(socket);
  // Loaded late: often nothing listens.
  const { connect } = await import('node:tls');
  const secured = connect(optionsOf(stance, tapped.stream));
  let session: Buffer | undefined;
  secured.on('session', (latest: Buffer) => (session = latest));
  try {
    const early = await endOfHandshake(secured, left());
    const flight = readServerFlight(tapped.received());
    if (early !== undefined)
      return { outcome: flight === undefined ? early : { ...early, presented: flight } };
    const presented = presentedIn(secured, flight?.request);
    const protocol = typeof secured.alpnProtocol === 'string' ? secured.alpnProtocol : undefined;
    const isResumed = secured.isSessionReused();
    // OpenSSL has these of the request for a certificate alone, which TLS 1.3 encrypts.
    const isAskedForPair = secured.getSharedSigalgs().length > 0;
    const asked = isResumed ? { isResumed } : { isResumed, isAskedForPair };
    const shown = { isConnected: true, ...(presented && { presented }) };
    const late = await lateRejection(secured, () => session !== undefined);
    if (late !== undefined)
      return { outcome: { ...late, ...shown }, ...asked, ...(protocol !== undefined && { protocol }) };
    const answered = await requestPing(secured, { name: stance.name, patienceMs: left() });
    const outcome = { ...answered, ...shown };
    return {
      outcome,
      ...asked,
      ...(protocol !== undefined && { protocol }),
      ...(session && { session }),
    };
  } finally {
    secured.destroy();
  }
}

/** How long a ticket or a rejection may take to follow a handshake under TLS 1.3; then the request is sent. */
const AFTER_HANDSHAKE = 100;

/**
 * A server that rejects under TLS 1.3 says so once it has seen the client's certificate, and one that accepts sends a ticket
 * then, or nothing. Either may be lost where a request meets a connection that is closed.
 */
function lateRejection(secured: tls.TLSSocket, hasTicket: () => boolean): Promise<ProbeOutcome | undefined> {
  if (secured.getProtocol() !== 'TLSv1.3' || hasTicket()) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const settle = (outcome: ProbeOutcome | undefined): void => {
      clearTimeout(patience);
      resolve(outcome);
    };
    const patience = setTimeout(() => settle(undefined), AFTER_HANDSHAKE);
    secured.once('session', () => settle(undefined));
    secured.on('error', (error: NodeJS.ErrnoException) => settle(failed(error)));
    secured.once('close', () => settle(CLOSED));
  });
}

function presentedIn(
  secured: tls.TLSSocket,
  request: NonNullable<ProbeOutcome['presented']>['request'],
): ProbeOutcome['presented'] {
  // `raw` is missing where a resumed session has no certificate.
  const der: Buffer | undefined = secured.getPeerCertificate().raw;
  return der === undefined ? undefined : presentedOf(der, request);
}

function optionsOf(
  { name, version, pair, session, protocols }: Stance,
  socket: tls.ConnectionOptions['socket'],
): tls.ConnectionOptions {
  return {
    ...(socket && { socket }),
    rejectUnauthorized: false,
    minVersion: version ?? 'TLSv1.2',
    maxVersion: version ?? 'TLSv1.3',
    servername: isAddress(name) ? '' : name,
    ...(pair && { cert: pair.certificate, key: pair.key }),
    ...(session && { session }),
    ...(protocols && { ALPNProtocols: [...protocols] }),
  };
}
