import net from 'node:net';
import { connectionErrorText } from './error-text.ts';
import { failed, PATIENCE, silence } from './outcome.ts';
import type { ProbeOutcome } from './outcome.ts';
import type { ProofTarget } from './order.ts';

/** A connection on which nothing was said yet, or why there is none. */
export type Reached =
  { readonly socket: net.Socket; readonly from: string } | { readonly outcome: ProbeOutcome };

/** A socket of this machine, or a pipe of Windows. */
export type LocalSocket = { readonly path: string };

/**
 * More than a list of CAs that is as long as TLS allows (64 kB) with a long chain and any answer that is read here. What sends
 * more is no engine, and is cut off.
 */
const LARGEST_READ = 192 * 1024;

export function reach(where: ProofTarget | LocalSocket, patienceMs: number = PATIENCE): Promise<Reached> {
  return new Promise((resolve) => {
    // Paused: what the engine says first, or that it hangs up, is for the code that asks over this socket.
    const socket = net.connect(where).pause();
    const giveUp = (outcome: ProbeOutcome): void => {
      socket.destroy();
      resolve({ outcome });
    };
    socket.setTimeout(patienceMs, () => giveUp({ ...silence(patienceMs), kind: 'unreachable' }));
    limitRead(socket, atMost(LARGEST_READ));
    // It stays, for an engine that resets the connection before anything else listens.
    socket.on('error', (error) => giveUp(notReached(error)));
    socket.once('connect', () => {
      socket.setTimeout(0).removeAllListeners('timeout');
      resolve({ socket, from: addressOf(socket) });
    });
  });
}

/** Ends a connection on which more bytes are read than `isAllowed` counts. Returns the socket. */
export function limitRead(socket: net.Socket, isAllowed: (bytes: number) => boolean): net.Socket {
  // It does not start the flow of a socket that was paused.
  socket.on('data', (chunk: Buffer) => {
    if (!isAllowed(chunk.length)) socket.destroy(new Error('it sends more than an engine does'));
  });
  return socket;
}

/** Counts bytes up to a limit. */
export function atMost(limit: number): (bytes: number) => boolean {
  let left = limit;
  return (bytes) => (left -= bytes) >= 0;
}

function addressOf({ localAddress = '', localPort }: net.Socket): string {
  return net.isIPv6(localAddress) ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}

/** A connection may be made, and reset before we hear of it. */
function notReached(error: NodeJS.ErrnoException): ProbeOutcome {
  return error.code === 'ECONNRESET'
    ? failed(error)
    : { kind: 'unreachable', detail: connectionErrorText(error) };
}
