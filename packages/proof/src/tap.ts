import type net from 'node:net';
import { Duplex } from 'node:stream';

/** More than the first flight of any engine. */
const KEPT = 256 * 1024;

export type Tapped = {
  readonly stream: Duplex;
  /** The first bytes that came from the other end. */
  readonly received: () => Buffer;
};

/** A stream over a socket that keeps what came first from the other end. */
export function tap(socket: net.Socket): Tapped {
  const chunks: Buffer[] = [];
  let kept = 0;
  const stream = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (kept < KEPT) chunks.push(chunk);
    kept += chunk.length;
    if (!stream.push(chunk)) socket.pause();
  });
  socket.once('end', () => stream.push(null));
  socket.on('error', (error) => void stream.destroy(error));
  socket.once('close', () => void stream.destroy());
  return { stream, received: () => Buffer.concat(chunks) };
}
