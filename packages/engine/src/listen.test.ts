import net from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { refuseUnusable } from './listen.ts';
import type { Ran } from '@docker-mtls/run';

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
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: [`tcp://0.0.0.0:${port}`] }, run),
  ).rejects.toMatchObject({
    code: 'HOST_PORT_TAKEN',
    message: `nginx (process 7) has port ${port} of 0.0.0.0 already`,
  });
});

test('an engine does not stand in its own way', async () => {
  const hosts = { pid: 0, held: [`tcp://127.0.0.1:${port}`], wanted: ['fd://', `tcp://0.0.0.0:${port}`] };
  await expect(refuseUnusable(hosts, ss(''))).resolves.toBeUndefined();
});

test('an engine does not stand in its own way, though its files say nothing of it any more', async () => {
  const run = ss(`LISTEN 0 511 127.0.0.1:${port} 0.0.0.0:* users:(("dockerd",pid=7,fd=3))\n`);
  const wanted = [`tcp://127.0.0.1:${port}`];
  await expect(refuseUnusable({ held: [], wanted, pid: 7 }, run)).resolves.toBeUndefined();
  await expect(refuseUnusable({ held: [], wanted, pid: 8 }, run)).rejects.toMatchObject({
    code: 'HOST_PORT_TAKEN',
  });
});

test('an engine that holds another address does not excuse the program that has this one', async () => {
  const hosts = { pid: 0, held: [`tcp://[::1]:${port}`], wanted: [`tcp://127.0.0.1:${port}`] };
  await expect(refuseUnusable(hosts, ss(''))).rejects.toMatchObject({ code: 'HOST_PORT_TAKEN' });
});

test.each(['0.0.0.0', '[::]', '[::1]', 'localhost'])('%s is an address of this machine', async (host) => {
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: [`tcp://${host}:0`] }, ss('')),
  ).resolves.toBeUndefined();
});

test('all addresses of IPv6 hold those of IPv4, as the engine has it', async () => {
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: [`tcp://[::]:${port}`] }, ss('')),
  ).rejects.toMatchObject({
    code: 'HOST_PORT_TAKEN',
  });
});

test('all addresses of IPv4 hold those of IPv6, as the engine has it', async () => {
  await new Promise<void>((resolve) => server.close(() => server.listen(0, '::1', resolve)));
  const { port: taken } = server.address() as net.AddressInfo;
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: [`tcp://0.0.0.0:${taken}`] }, ss('')),
  ).rejects.toMatchObject({
    code: 'HOST_PORT_TAKEN',
  });
});

test.each(['[2001:db8::9]', '[fe80::9]', 'no-such-host.invalid'])('%s is none', async (host) => {
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: [`tcp://${host}:2376`] }, ss('')),
  ).rejects.toMatchObject({
    code: 'HOST_ADDRESS_ABSENT',
    message: expect.stringContaining(host.replaceAll(/[[\]]/g, '')),
  });
});

test('an address that this machine lacks', async () => {
  await expect(
    refuseUnusable({ pid: 0, held: [], wanted: ['tcp://203.0.113.9:2376'] }, ss('')),
  ).rejects.toMatchObject({
    code: 'HOST_ADDRESS_ABSENT',
    hint: expect.stringContaining('127.0.0.1'),
  });
});
