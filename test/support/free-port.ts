import dgram from 'node:dgram';
import net from 'node:net';
import { onCleanup } from './cleanup.ts';

/**
 * A TCP port that nothing uses on either loopback address, and that nobody else is told of while the test file runs. It
 * lies below the range from which the kernel takes ports for outgoing connections, so that no connection of another
 * test can come in between.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isClaimed(port)) && (await isFree(port, '127.0.0.1')) && (await isFree(port, '::1')))
      return port;
  }
  throw new Error('no free port on the loopback addresses');
}

/** UDP has ports of its own: nobody uses this one, so the process that gets it has the TCP port of that number, until it ends. */
function isClaimed(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const claim = dgram.createSocket('udp4').unref();
    claim.once('error', () => {
      claim.close();
      resolve(false);
    });
    claim.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      onCleanup(() => void claim.close());
      resolve(true);
    });
  });
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
