import tls from 'node:tls';
import net from 'node:net';
import type { TestPair } from '../support/test-ca.ts';

/** Where and as whom to connect: over mutual TLS, or to a local socket. */
export type RawTarget =
  | { readonly port: number; readonly ca: string; readonly pair: TestPair }
  /** With a session of an earlier connection instead of a certificate: its ticket is as good as one. */
  | { readonly port: number; readonly ca: string; readonly session: Buffer }
  | { readonly socketPath: string };

/** What came back. `status` is 0 where the connection ended without an answer. */
export type RawAnswer = { readonly status: number; readonly text: string };

export const ANSWER_WITHIN_MS = 5000;

/** Connects as a client, and keeps the connection. */
export function connectRaw(target: RawTarget): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if ('socketPath' in target) {
      const plain = net.connect(target.socketPath, () => resolve(plain));
      plain.once('error', reject);
      return;
    }
    const { port, ca } = target;
    const own =
      'pair' in target
        ? { cert: target.pair.certificate, key: target.pair.key }
        : { session: target.session };
    const socket = tls.connect({ host: '127.0.0.1', port, ca, ...own }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends bytes as they are, and reads until the head of an answer and a moment more, or the end. */
export async function sendRaw(target: RawTarget, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = await connectRaw(target);
  try {
    return await exchange(socket, bytes);
  } finally {
    socket.destroy();
  }
}

/** The same on a connection that stays open. */
export function exchange(socket: net.Socket, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let text = '';
    const done = (): void => {
      clearTimeout(timer);
      socket.off('data', take).off('close', done).off('error', done);
      resolve({ status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text });
    };
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (isWhole(text)) done();
    };
    const timer = setTimeout(done, ANSWER_WITHIN_MS);
    socket.on('data', take).once('close', done).once('error', done);
    socket.write(bytes);
  });
}

/** With its length, its last chunk, or a stream that has begun. */
function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const head = text.slice(0, end);
  const [, length] = /^content-length: (\d+)/im.exec(head) ?? [];
  if (length !== undefined) return text.length - end - 4 >= Number(length);
  return (
    !/^transfer-encoding: chunked/im.test(head) ||
    text.endsWith('0\r\n\r\n') ||
    /^HTTP\/1\.1 (?:101|200)/.test(head)
  );
}
