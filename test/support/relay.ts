import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { onCleanup } from './cleanup.ts';

/** What a relay does with a connection: another port to connect it to, or something of its own. */
export type Route = number | ((client: net.Socket, first: Buffer) => void);

/**
 * Takes connections on a port and decides what becomes of each by its number, from 0, and the first bytes that came over
 * it.
 */
export async function relay(route: (count: number, first: Buffer) => Route): Promise<number> {
  let count = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    open.add(client);
    client.on('error', () => undefined).once('close', () => open.delete(client));
    const number = count;
    count += 1;
    client.once('data', (first) => {
      const decided = route(number, first);
      if (typeof decided === 'function') decided(client, first);
      else join(client, first, decided);
    });
  });
  onCleanup(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Hands everything on in both directions. */
export function join(client: net.Socket, first: Buffer, port: number): net.Socket {
  const engine = net.connect({ host: '127.0.0.1', port });
  engine.on('error', () => client.destroy());
  client.on('error', () => engine.destroy());
  engine.write(first);
  client.pipe(engine);
  engine.pipe(client);
  return engine;
}

/** A TLS alert as bytes (RFC 8446 section 6), which nothing authenticates before encryption begins. */
export function alertRecord(description: number): Buffer {
  return Buffer.from([21, 3, 3, 0, 2, 2, description]);
}

/** Does a ClientHello offer TLS 1.3? Its extension supported_versions then holds these bytes. */
export function offersTls13(hello: Buffer): boolean {
  return hello.includes(Buffer.from([0, 43, 0, 3, 2, 3, 4]));
}
