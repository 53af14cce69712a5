import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { issue, makeAuthority } from '../testing/pki.ts';
import { budgetOf } from './budget.ts';
import { proveEngine } from './index.ts';
import type { ProofFindingId } from './index.ts';

// The owner of a server has its pair, and may answer a check with anything.
const ours = makeAuthority('ours');
const server = issue(ours, 'server');
const alice = issue(ours, 'client');
const stranger = issue(makeAuthority('ours'), 'client');

const open = new Set<net.Socket>();
const running: net.Server[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.close();
  for (const socket of open) socket.destroy();
  open.clear();
});

async function listen(endpoint: net.Server): Promise<number> {
  running.push(endpoint);
  endpoint.on('connection', (socket: net.Socket) => open.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
  return (endpoint.address() as AddressInfo).port;
}

/** Bytes that it wrote, as far as the kernel took them: more than what was read. */
function written(): number {
  return [...open].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
}

const MUTUAL = { cert: server.certificate, key: server.key, ca: ours.certificate.pem, requestCert: true };

/** A server that takes every client and then does as told with what is asked. */
function behindTls(act: (socket: tls.TLSSocket) => void): net.Server {
  return tls.createServer({ ...MUTUAL, rejectUnauthorized: false }, (socket) => {
    socket.on('error', () => undefined).once('data', () => act(socket));
  });
}

function pour(socket: net.Socket, text: string): void {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

function drip(socket: net.Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => void socket.write(text[at++ % text.length] ?? ''), 20);
  socket.once('close', () => clearInterval(timer));
}

const say =
  (text: string) =>
  (socket: net.Socket): void =>
    void socket.write(text);

const PATIENCE = 600;
/** So many patiences end a test that would wait for each connection, or for each header, on its own. */
const GENEROUS = 8;
const MOST_BYTES = 20_000_000;
const OK = 'HTTP/1.1 200 OK\r\n';

const SERVERS: readonly (readonly [string, () => net.Server])[] = [
  ['takes connections and is silent', () => net.createServer(() => undefined)],
  ['sends bytes without an end', () => net.createServer((socket) => pour(socket, 'x'))],
  ['sends a byte now and then', () => net.createServer((socket) => drip(socket, '\u0016\u0003\u0003'))],
  ['announces a record that never comes', () => net.createServer(say('\u0016\u0003\u0003\u0040\u0000'))],
  ['answers nothing after the handshake', () => behindTls(() => undefined)],
  [
    'sends its answer a byte at a time',
    () => behindTls((socket) => drip(socket, `${OK}X: ${'y'.repeat(1e4)}`)),
  ],
  ['sends headers without an end', () => behindTls((socket) => pour(socket, `${OK}X: y\r\n`))],
  [
    'sends early hints without an end',
    () => behindTls((socket) => pour(socket, 'HTTP/1.1 103 Hints\r\n\r\n')),
  ],
  [
    'sends a body without an end',
    () =>
      behindTls((socket) => {
        socket.write(`${OK}Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`);
        pour(socket, '2\r\nOK\r\n');
      }),
  ],
  [
    'redirects to another host',
    () =>
      behindTls(say('HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n')),
  ],
  ['answers with two lengths', () => behindTls(say(`${OK}Content-Length: 2\r\nContent-Length: 3\r\n\r\nOK`))],
];

describe('a server costs no more than its budget that', () => {
  test.each(SERVERS)('%s', async (_, make) => {
    const port = await listen(make());
    const start = performance.now();
    const { verdict, addresses } = await proveEngine({
      targets: [{ host: '127.0.0.1', port }],
      roots: [ours.certificate.pem],
      fingerprint: server.fingerprint,
      names: ['localhost', '127.0.0.1'],
      client: { who: 'alice', pair: () => alice },
      strangers: [
        { kind: 'plain-http', who: 'in the clear' },
        { kind: 'no-certificate', who: 'nobody' },
        { kind: 'foreign-ca', who: 'a stranger', pair: () => stranger },
      ],
      patienceMs: PATIENCE,
    });
    expect(performance.now() - start).toBeLessThan(GENEROUS * PATIENCE);
    expect(written()).toBeLessThan(MOST_BYTES);
    expect(verdict).not.toBe('secured');
    const ids: readonly ProofFindingId[] = addresses.flatMap(({ findings }) => findings.map(({ id }) => id));
    expect(ids).not.toEqual([]);
  });
});

test('a budget ends with its time, whatever the number of connections', () => {
  let now = 1000;
  const budget = budgetOf(5000, () => now);
  expect(budget.left()).toBe(5000);
  now += 4000;
  expect(budget.left()).toBe(1000);
  now += 60_000;
  expect(budget.left()).toBe(0);
});

test('a budget ends with its bytes, over all connections', () => {
  const budget = budgetOf(5000);
  const megabyte = 1024 * 1024;
  expect(Array.from({ length: 8 }, () => budget.read(megabyte))).not.toContain(false);
  expect(budget.read(1)).toBe(false);
});
