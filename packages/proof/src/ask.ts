import type net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type tls from 'node:tls';
import type { Budget } from './budget.ts';
import { isAddress } from './is-address.ts';
import { CLOSED, failed, PATIENCE, PLUGIN_PATIENCE, silence } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { OfferedTls, PairPem } from './order.ts';
import { presentedOf } from './presented.ts';
import { requestPing } from './request-ping.ts';
import { readServerFlight } from './server-flight.ts';
import { tap } from './tap.ts';

export type Hello = {
  /** What the certificate must be valid for. */
  readonly name: string;
  /** What is sent as SNI; `''`: nothing. Absent: the name, where it is a DNS name. */
  readonly sni?: string;
  /** Without it, any that an engine speaks. */
  readonly version?: OfferedTls;
  /** Names of application protocols (ALPN); without them, none is offered. */
  readonly protocols?: readonly string[];
  readonly roots: readonly string[];
  readonly pair?: PairPem;
  readonly expected: 'accepted' | 'rejected';
};

/** Asks for `/_ping` without TLS. */
export function askInTheClear(
  socket: net.Socket,
  name: string,
  budget: Budget | undefined,
): Promise<ProbeOutcome> {
  const asked = requestPing(socket, { name, patienceMs: leftOf(budget, PATIENCE) });
  socket.resume();
  return asked;
}

/**
 * Asks for `/_ping` over one version of TLS, with a client certificate or without. Each handshake is a full one: no
 * session is offered, so that no identity goes from one connection to the next.
 */
export async function askOverTls(
  socket: net.Socket,
  hello: Hello,
  budget: Budget | undefined,
): Promise<ProbeOutcome> {
  // Loaded late: Node parses all public CAs for it, and often nothing listens.
  const { checkServerIdentity, connect } = await import('node:tls');
  const tapped = tap(socket);
  const secured = connect({
    ...optionsOf(hello, tapped.stream),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(hello.name, certificate),
  });
  const isTicket = new Promise<void>((resolve) => void secured.once('session', () => resolve()));
  const ended = endOf(secured, socket);
  const connected = new Promise<undefined>(
    (resolve) => void secured.once('secureConnect', () => resolve(undefined)),
  );
  try {
    const patience = leftOf(budget, PATIENCE);
    const late = silence(budget?.patienceMs ?? patience);
    const early = await within(patience, Promise.race([connected, ended]), late);
    if (early !== undefined) return withFlight(early, readServerFlight(tapped.received()));
    const request = readServerFlight(tapped.received())?.request;
    const presented = presentedOf(secured.getPeerCertificate().raw, request);
    const outcome = secured.isSessionReused()
      ? { kind: 'unclear' as const, detail: 'the server resumed a session that was not offered' }
      : await converse(secured, hello, { isTicket, ended, budget });
    return { ...outcome, presented, isConnected: true };
  } finally {
    secured.destroy();
    socket.destroy();
  }
}

function optionsOf({ name, sni, roots, pair, ...hello }: Hello, socket: Stream): tls.ConnectionOptions {
  return {
    socket,
    ca: [...roots],
    // Said outright: NODE_TLS_REJECT_UNAUTHORIZED could turn the default off.
    rejectUnauthorized: true,
    ...versionsOf(hello),
    ...(hello.protocols && { ALPNProtocols: [...hello.protocols] }),
    ...(pair && { cert: pair.certificate, key: pair.key }),
    servername: sni ?? (isAddress(name) ? '' : name),
  };
}

/** OpenSSL signs nothing for the old versions (SHA-1) where it is not told that this is no matter of security. */
function versionsOf({ version }: Pick<Hello, 'version'>): tls.SecureContextOptions {
  if (version === 'TLSv1.1')
    return { minVersion: 'TLSv1', maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' };
  return { minVersion: version ?? 'TLSv1.2', maxVersion: version ?? 'TLSv1.3' };
}

type Stream = NonNullable<tls.ConnectionOptions['socket']>;

/**
 * Under TLS 1.3 our handshake is complete before the server has looked at the client's certificate (RFC 8446 section
 * 4.4.2.4). A server that rejects says so unasked, and one that accepts sends a session ticket, or nothing: only then is
 * the request sent. An alert that meets a request may be lost with the connection.
 */
async function converse(
  secured: tls.TLSSocket,
  { name, version, expected }: Hello,
  { isTicket, ended, budget }: Course,
): Promise<ProbeOutcome> {
  const isWelcome = expected === 'accepted';
  if (version === undefined || version === 'TLSv1.3') {
    // Half of what is left: a server that says nothing of its own accord is asked all the same.
    const wait = Math.min(isWelcome ? LATE_REJECTION : PATIENCE, leftOf(budget, 2 * PATIENCE) / 2);
    const settled = isTicket.then(() => undefined);
    const late = await within(wait, Promise.race([ended, settled]), undefined);
    if (late !== undefined) return late;
  }
  const patienceMs = leftOf(budget, isWelcome ? PLUGIN_PATIENCE : PATIENCE);
  const outcome = await requestPing(secured, { name, patienceMs });
  return outcome.kind === 'silent' && budget !== undefined ? silence(budget.patienceMs) : outcome;
}

type Course = {
  readonly isTicket: Promise<void>;
  readonly ended: Promise<ProbeOutcome>;
  readonly budget: Budget | undefined;
};

/** A timer takes a millisecond at least. */
function leftOf(budget: Budget | undefined, usual: number): number {
  return budget === undefined ? usual : Math.max(1, budget.left());
}

/** How long the client that is to be accepted waits for a rejection before it sends its request. */
const LATE_REJECTION = 300;

/** An alert that came with the end of the connection is read after it. */
const LAST_BYTES = 100;

/** How the connection ends, if it does. */
function endOf(secured: tls.TLSSocket, socket: net.Socket): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    secured.on('error', (error: NodeJS.ErrnoException) => resolve(failed(error)));
    const closed = (): void => void setTimeout(() => resolve(CLOSED), LAST_BYTES).unref();
    socket.once('end', closed).once('close', closed);
    secured.once('close', closed);
  });
}

/** The timer also keeps the program running where a connection that has ended does not do so any more. */
async function within(
  milliseconds: number,
  work: Promise<ProbeOutcome | undefined>,
  otherwise: ProbeOutcome | undefined,
): Promise<ProbeOutcome | undefined> {
  const patience = new AbortController();
  const { signal } = patience;
  const late = sleep(milliseconds, otherwise, { signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    patience.abort();
  }
}

function withFlight(outcome: ProbeOutcome, presented: ProbeOutcome['presented']): ProbeOutcome {
  return presented === undefined ? outcome : { ...outcome, presented };
}
