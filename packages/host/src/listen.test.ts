import net from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refuseUnusable } from './listen.ts';
import type { Ran } from './run-program.ts';

let server: net.Server;
let port: number;
beforeEach(async () => {
  server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as net.AddressInfo);
});
afterEach(() => void server.close());

const ss = (stdout: string) => async (): Promise<Ran> => ({ code: 0, stdout, stderr: '' });

test('names who has the port', async () => {
  const run = ss(`LISTEN 0 511 127.0.0.1:${port} 0.0.0.0:* users:(("nginx",pid=7,fd=3))\n`);
  await expect(refuseUnusable({ held: [], wanted: [`tcp://0.0.0.0:${port}`] }, run)).rejects.toMatchObject({
    code: 'HOST_PORT_TAKEN',
    message: `nginx (process 7) has port ${port} of 0.0.0.0 already`,
  });
});

test('an engine does not stand in its own way', async () => {
  const hosts = { held: [`tcp://127.0.0.1:${port}`], wanted: ['fd://', `tcp://0.0.0.0:${port}`] };
  await expect(refuseUnusable(hosts, ss(''))).resolves.toBeUndefined();
});

test('an address that this machine lacks', async () => {
  await expect(
    refuseUnusable({ held: [], wanted: ['tcp://203.0.113.9:2376'] }, ss('')),
  ).rejects.toMatchObject({
    code: 'HOST_ADDRESS_ABSENT',
    hint: expect.stringContaining('127.0.0.1'),
  });
});
