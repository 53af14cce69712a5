import net from 'node:net';
import { failed, NO_ANSWER, PATIENCE } from './answer.ts';
import type { Answer, Target } from './answer.ts';

/** A connection to the engine on which nothing was said yet, or why there is none. */
export type Reached = { readonly socket: net.Socket } | { readonly answer: Answer };

export function reach({ host, port }: Pick<Target, 'host' | 'port'>): Promise<Reached> {
  return new Promise((resolve) => {
    // Paused: what the engine says first, or that it hangs up, is for whoever asks over this socket.
    const socket = net.connect({ host, port }).pause();
    const giveUp = (answer: Answer): void => {
      socket.destroy();
      resolve({ answer });
    };
    socket.setTimeout(PATIENCE, () => giveUp({ kind: 'unreachable', detail: NO_ANSWER }));
    // It stays, for an engine that resets the connection before anybody else listens.
    socket.on('error', (error) => giveUp(notReached(error)));
    socket.once('connect', () => {
      socket.setTimeout(0).removeAllListeners('timeout');
      resolve({ socket });
    });
  });
}

/** Whatever stands in the way of a connection, there is none; but one may be made, and reset before we hear of it. */
function notReached(error: NodeJS.ErrnoException): Answer {
  return error.code === 'ECONNRESET'
    ? failed(error)
    : { kind: 'unreachable', detail: error.code ?? error.message };
}
