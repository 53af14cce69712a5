import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { listenersAt, listeningSockets } from './listening-sockets.ts';

const open: net.Server[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

async function listen(host: string): Promise<number> {
  const server = net.createServer();
  open.push(server);
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each(['127.0.0.1', '127.0.0.99', '0.0.0.0', '::1', '::'])(
  'a socket of this process on %s is found',
  async (host) => {
    const port = await listen(host);
    expect(listeningSockets(process.pid)).toContainEqual({ host, port });
  },
);

test('what listens at a port is found, on each address that has one of its own', async () => {
  const port = await listen('127.0.0.1');
  const server = net.createServer();
  open.push(server);
  server.listen(port, '127.0.0.99');
  await once(server, 'listening');
  expect(listenersAt(port)).toEqual(
    expect.arrayContaining([
      { host: '127.0.0.1', port },
      { host: '127.0.0.99', port },
    ]),
  );
  expect(listenersAt(port)).toHaveLength(2);
});

test('one that is closed is not', async () => {
  const port = await listen('127.0.0.1');
  open.splice(0).forEach((server) => server.close());
  expect(listeningSockets(process.pid)).not.toContainEqual({ host: '127.0.0.1', port });
});

test('of a process that is gone, nothing can be seen', () => {
  expect(listeningSockets(2 ** 30)).toBeUndefined();
});
