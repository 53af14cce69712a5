import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../../../test/support/cleanup.ts';
import { strayPorts } from './listen-findings.ts';

async function listen(server: net.Server): Promise<number> {
  onCleanup(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const pong: http.RequestListener = (_, response) => {
  response.setHeader('Api-Version', '1.41').end('OK');
};

test('the port of an engine is found, and of very many no more are asked than is reported', async () => {
  let asked = 0;
  const other = net.createServer((socket) => {
    asked += 1;
    socket.on('error', () => undefined).destroy();
  });
  const host = '127.0.0.1';
  const [engine, decoy] = [await listen(http.createServer(pong)), await listen(other)];
  const decoys = Array.from({ length: 1000 }, () => ({ host, port: decoy }));
  const sockets = [{ host, port: engine }, ...decoys];
  const strays = await strayPorts({ sockets, expected: new Set(), isSwarm: false, patienceMs: 3000 });
  expect(strays.open).toEqual([{ host, port: engine }]);
  expect(strays.unseen).toEqual(['873 more ports of what is called an engine']);
  expect(asked).toBe(254);
});
