import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { issue, makeAuthority } from '../testing/pki.ts';
import { askAnyone } from './ask-once.ts';
import type { AskedAnyone, Stance } from './ask-once.ts';

const ours = makeAuthority('ours');
const server = issue(ours, 'server');
const alice = issue(ours, 'client');
const stranger = issue(makeAuthority('ours'), 'client');
const MUTUAL: TlsOptions = {
  cert: server.certificate,
  key: server.key,
  ca: ours.certificate.pem,
  requestCert: true,
  rejectUnauthorized: true,
};
const OK = 'HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 2\r\n\r\nOK';
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

const running: net.Server[] = [];
const open = new Set<net.Socket>();
afterEach(() => {
  for (const each of running.splice(0)) each.close();
  for (const each of open) each.destroy();
  open.clear();
});

async function listen(endpoint: net.Server): Promise<number> {
  running.push(endpoint);
  endpoint.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
  });
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  return (endpoint.address() as AddressInfo).port;
}

function serving(options: TlsOptions, say: (socket: TLSSocket) => void): Promise<number> {
  const endpoint = tls.createServer(options, (socket) => {
    socket.on('error', () => undefined).once('data', () => say(socket));
  });
  return listen(endpoint.on('tlsClientError', () => undefined));
}

const says =
  (text: string) =>
  (socket: net.Socket): void =>
    void socket.end(text);

function ask(port: number, stance: Partial<Stance> | undefined, patienceMs = 3000): Promise<AskedAnyone> {
  return askAnyone(
    { host: '127.0.0.1', port },
    stance && { name: 'node1.example.com', ...stance },
    patienceMs,
  );
}

describe.each(VERSIONS)('a server that verifies its clients, over %s,', (version) => {
  test.each([
    ['shows no certificate', undefined],
    ['is of another CA', stranger],
  ])('does not answer a client that %s', async (_, pair) => {
    const port = await serving(MUTUAL, says(OK));
    const { outcome } = await ask(port, { version, ...(pair && { pair }) });
    expect(['rejected', 'unclear', 'closed']).toContain(outcome.kind);
  });

  test('answers its own, and shows its certificate and its clock', async () => {
    const port = await serving(MUTUAL, says(OK));
    const asked = await ask(port, { version, pair: alice });
    expect(asked).toMatchObject({
      outcome: {
        kind: 'accepted',
        headers: { date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
        presented: { fingerprint: server.fingerprint },
      },
      isResumed: false,
    });
  });
});

test.each(VERSIONS)('over %s, a server without verification resumes a session', async (version) => {
  const port = await serving({ cert: server.certificate, key: server.key }, says(OK));
  const first = await ask(port, { version });
  expect(first.outcome.kind).toBe('accepted');
  const again = await ask(port, { version, session: first.session ?? Buffer.alloc(0) });
  expect(again).toMatchObject({ outcome: { kind: 'accepted' }, isResumed: true });
});

test('the CAs that a server names are read under TLS 1.2', async () => {
  const port = await serving(MUTUAL, says(OK));
  const { outcome } = await ask(port, { version: 'TLSv1.2' });
  expect(outcome.presented?.request).toMatchObject({ isMade: true, authorities: [expect.any(Buffer)] });
});

test('the protocol that a server chooses is told', async () => {
  const port = await serving({ ...MUTUAL, ALPNProtocols: ['h2', 'http/1.1'] }, says(OK));
  const asked = await ask(port, { pair: alice, protocols: ['h2', 'http/1.1'] });
  expect(asked.protocol).toBe('h2');
});

test('without a stance, plain HTTP is spoken', async () => {
  const port = await listen(http.createServer((_, response) => response.end('OK')));
  expect(await ask(port, undefined)).toMatchObject({
    outcome: { kind: 'accepted', headers: { date: expect.any(String) } },
  });
});

const endless = (start: string, piece: string) => (socket: net.Socket) => {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more).write(start);
  more();
};

// A server that could hold on to the client would hold on to the test, until that is ended.
describe('a hostile server costs no more than its time and a few megabytes', () => {
  const LONG = 'x'.repeat(64 * 1024);

  test.each<[string, (socket: net.Socket) => void]>([
    ['an endless head', endless('HTTP/1.1 200 OK\r\nX: ', LONG)],
    ['endless headers', endless('HTTP/1.1 200 OK\r\n', `X: ${'y'.repeat(500)}\r\n`)],
    ['an endless body', endless('HTTP/1.1 200 OK\r\n\r\n', LONG)],
    ['endless promises', endless('', 'HTTP/1.1 102 Processing\r\n\r\n')],
    ['an endless redirect', endless('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n', LONG)],
    ['no HTTP', endless('', LONG)],
    ['silence', () => undefined],
  ])('%s', async (_, say) => {
    for (const port of [
      await listen(net.createServer((socket) => void socket.once('data', () => say(socket)))),
      await serving({ cert: server.certificate, key: server.key }, say),
    ]) {
      const sent = new Set(open);
      const { outcome } = await ask(port, running.length % 2 === 1 ? undefined : {}, 500);
      expect(outcome.kind).not.toBe('accepted');
      const written = [...open].filter((socket) => !sent.has(socket)).map(({ bytesWritten }) => bytesWritten);
      expect(Math.max(...written)).toBeLessThan(10 * 1024 * 1024);
    }
  });

  test.each([
    ['records without an end', Buffer.concat([Buffer.from([22, 3, 3, 0x40, 0]), Buffer.alloc(0x4000)])],
    ['what is no TLS', Buffer.from('220 mail.example.com ESMTP\r\n')],
    ['a record that never comes', Buffer.from([22, 3, 3, 0x40, 0])],
  ])('%s instead of a handshake', async (_, bytes) => {
    const port = await listen(
      net.createServer((socket) => {
        const more = (): void => {
          while (!socket.destroyed && socket.write(bytes) && bytes.length > 10_000);
        };
        socket.on('drain', more);
        more();
      }),
    );
    const { outcome } = await ask(port, {}, 500);
    expect(['mistrusted', 'silent', 'closed']).toContain(outcome.kind);
  });
});
