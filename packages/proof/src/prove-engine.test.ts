import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../test/support/free-port.ts';
import { issue, makeAuthority } from '../testing/pki.ts';
import { proveEngine } from './index.ts';
import type { Answer, Caller, Proof } from './index.ts';

// These servers stand in for the engine's TLS door; whole engines are in the tests of the repository's root.
const ours = makeAuthority('ours');
const server = issue(ours, 'server');
const alice = issue(ours, 'client');
const stranger = issue(makeAuthority('ours'), 'client');

const ALICE: Caller = { who: 'alice', expected: 'served', pair: () => alice };
const STRANGERS: readonly Caller[] = [
  { who: 'nobody', expected: 'refused' },
  { who: 'a stranger', expected: 'refused', pair: () => stranger },
  { who: 'in the clear', expected: 'refused', inTheClear: true },
];

const running: net.Server[] = [];

async function listen(door: net.Server): Promise<number> {
  running.push(door);
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  return (door.address() as AddressInfo).port;
}

function keepSilent(socket: net.Socket): void {
  socket.on('error', () => undefined).resume();
}

const WANTS_CERTIFICATES: TlsOptions = { requestCert: true, rejectUnauthorized: true };

function tlsOf(options: TlsOptions): TlsOptions {
  return { cert: server.certificate, key: server.key, ca: ours.certificate.pem, ...options };
}

function engine(options: TlsOptions, status = 200): Promise<number> {
  return listen(
    https.createServer(tlsOf(options), (_request, response) =>
      response.writeHead(status, { 'Api-Version': '1.51' }).end('OK'),
    ),
  );
}

function prove(port: number, name = 'localhost', shown = server.fingerprint): Promise<Proof> {
  const target = { host: '127.0.0.1', port, name, roots: ours.certificate.pem };
  return proveEngine(target, shown, ALICE, STRANGERS);
}

function kinds({ findings }: Proof): readonly string[] {
  return findings.map(({ answer }) => answer.kind);
}

afterEach(() => {
  for (const door of running.splice(0)) door.close();
});

describe('proveEngine', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'proves an engine that wants certificates over %s',
    async (version) => {
      const options = {
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      };
      const proof = await prove(await engine(options));
      expect(kinds(proof)).toEqual(['served', 'refused', 'refused', 'refused']);
      expect(proof.verdict).toBe('proven');
      expect(proof.findings[0]?.answer).toMatchObject({
        detail: 'HTTP 200, API 1.51',
        shown: server.fingerprint,
      });
    },
  );

  test('disproves an engine that serves anybody', async () => {
    const proof = await prove(await engine({ requestCert: false }));
    expect(kinds(proof)).toEqual(['served', 'served', 'served', 'refused']);
    expect(proof.verdict).toBe('disproven');
  });

  test('disproves an engine that asks for certificates and does not look at them', async () => {
    const proof = await prove(await engine({ requestCert: true, rejectUnauthorized: false }));
    expect(proof).toMatchObject({
      verdict: 'disproven',
      findings: [{ good: true }, { good: false }, { good: false }, { good: true }],
    });
  });

  test('disproves an engine that still shows another certificate of ours', async () => {
    const port = await engine(WANTS_CERTIFICATES);
    const proof = await prove(port, 'localhost', issue(ours, 'server').fingerprint);
    expect(proof.verdict).toBe('disproven');
    expect(proof.findings[0]?.answer).toMatchObject({
      kind: 'mistrusted',
      detail: 'it shows another certificate',
    });
  });

  test('disproves an engine whose certificate is for another name', async () => {
    const proof = await prove(await engine(WANTS_CERTIFICATES), 'node1.example.com');
    expect(proof.verdict).toBe('disproven');
    expect(proof.findings[0]?.answer.kind).toBe('mistrusted');
  });

  test.each([
    ['127.0.0.1', 'proven', 'served'],
    ['127.0.0.2', 'disproven', 'mistrusted'],
    ['localhost', 'disproven', 'mistrusted'],
  ])('by its address, which its certificate has, as %s: %s', async (name, verdict, kind) => {
    const byAddress = issue(ours, 'server', '127.0.0.1');
    const pair = { cert: byAddress.certificate, key: byAddress.key };
    const proof = await prove(await engine({ ...WANTS_CERTIFICATES, ...pair }), name, byAddress.fingerprint);
    expect(proof).toMatchObject({ verdict, findings: [{ answer: { kind } }, {}, {}, {}] });
  });

  test('disproves a door that speaks plain HTTP', async () => {
    const port = await listen(
      net.createServer((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK')),
      ),
    );
    const proof = await prove(port);
    expect(proof.verdict).toBe('disproven');
    expect(proof.findings[0]?.answer).toMatchObject({ kind: 'mistrusted', detail: 'it speaks no TLS' });
    expect(proof.findings.find(({ who }) => who === 'in the clear')?.answer.kind).toBe('served');
  });

  test.each<[string, (socket: net.Socket) => void]>([
    ['closes', (socket) => socket.destroy()],
    ['resets', (socket) => socket.resetAndDestroy()],
  ])('disproves a door that %s every connection at once', async (_, hangUp) => {
    const proof = await prove(await listen(net.createServer(hangUp)));
    expect(kinds(proof)).toEqual(['refused', 'refused', 'refused', 'refused']);
    expect(proof.verdict).toBe('disproven');
  });

  // 403 and 500 are what an engine says whose authorization plugin refuses, or fails; 404 is no engine's word for this.
  test.each([204, 301, 400, 403, 404, 500, 503])(
    'disproves an engine that says %i to the client who is to be served',
    async (status) => {
      const proof = await prove(await engine(WANTS_CERTIFICATES, status));
      expect(kinds(proof)).toEqual(['answered', 'refused', 'refused', 'refused']);
      expect(proof.verdict).toBe('disproven');
      expect(proof.findings[0]).toMatchObject({
        good: false,
        answer: { detail: `HTTP ${status}, API 1.51`, shown: server.fingerprint },
      });
    },
  );

  test('does not take "forbidden" for a refusal: whoever gets that far came in without a certificate', async () => {
    const port = await listen(
      https.createServer(tlsOf({ requestCert: true, rejectUnauthorized: false }), (request, response) => {
        const { authorized } = request.socket as TLSSocket;
        response.writeHead(authorized ? 200 : 403).end('OK');
      }),
    );
    const proof = await prove(port);
    expect(kinds(proof)).toEqual(['served', 'answered', 'answered', 'refused']);
    expect(proof.verdict).toBe('disproven');
  });

  test.each([403, 404, 500])('does not take %i in the clear for a refusal', async (status) => {
    const plain = await listen(
      http.createServer((_request, response) => void response.writeHead(status).end()),
    );
    const proof = await prove(plain);
    expect(proof.findings.find(({ who }) => who === 'in the clear')).toMatchObject({
      good: false,
      answer: { kind: 'answered', detail: `HTTP ${status}` },
    });
  });

  test.each(['1.51', '1.51, 1.52'])(
    "does not take an engine's own 400 in the clear for that of a TLS door: API %s",
    async (version) => {
      const plain = await listen(
        http.createServer(
          (_request, response) => void response.writeHead(400, { 'Api-Version': version }).end(),
        ),
      );
      const proof = await prove(plain);
      expect(proof.findings.find(({ who }) => who === 'in the clear')).toMatchObject({ good: false });
    },
  );

  test.each<[string, (socket: TLSSocket) => void, Answer['kind']]>([
    ['hangs up without a word', (socket) => socket.end(), 'refused'],
    ['says what is no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'mistrusted'],
    ['says half an answer', (socket) => socket.end('HTTP/1.1 20'), 'refused'],
  ])('disproves a TLS door that %s', async (_, answer, kind) => {
    const door = tls.createServer(tlsOf(WANTS_CERTIFICATES), (socket) => {
      socket.on('error', () => undefined).once('data', () => answer(socket));
    });
    const proof = await prove(await listen(door));
    expect(proof.findings[0]).toMatchObject({ good: false, answer: { kind } });
    expect(proof.verdict).toBe('disproven');
  });

  test('asks a door that is silent about TLS in the clear alone, and never finds it proven', async () => {
    const doors = [
      net.createServer(keepSilent),
      tls.createServer(tlsOf(WANTS_CERTIFICATES), keepSilent),
      net.createServer((socket) =>
        socket.on('data', (bytes) => {
          if (bytes.includes('GET ')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK');
        }),
      ),
    ];
    const ports = await Promise.all(doors.map(listen));
    const proofs = await Promise.all(ports.map((port) => prove(port)));
    expect(proofs.map((proof) => kinds(proof)[0])).toEqual(['silent', 'silent', 'silent']);
    expect(proofs[2]?.findings[1]).toMatchObject({ good: false, answer: { kind: 'served' } });
    for (const proof of proofs) {
      expect(proof).toMatchObject({ verdict: 'disproven', findings: [{ who: 'alice', good: false }, {}] });
      expect(proof.findings[1]?.who).toBe('in the clear');
    }
  }, 60_000);

  test.each([
    ['has no zone', 'fe80::1'],
    ['is for everybody', '255.255.255.255'],
  ])('takes an address that %s for one where nobody answers', async (_, host) => {
    const target = { host, port: 2376, name: 'localhost', roots: ours.certificate.pem };
    const proof = await proveEngine(target, server.fingerprint, ALICE, STRANGERS);
    expect(proof).toMatchObject({ verdict: 'unreachable', findings: [{ answer: { kind: 'unreachable' } }] });
  });

  test('hangs up when a pair cannot be read or made, and says why', async () => {
    const door = net.createServer((socket) => socket.resume());
    const target = { host: '127.0.0.1', port: await listen(door), name: 'localhost', roots: '' };
    const hungUp = once(door, 'connection').then(([socket]) => once(socket as net.Socket, 'close'));
    const broken: Caller = {
      who: 'alice',
      expected: 'served',
      pair: () => Promise.reject(new Error('no space')),
    };
    await expect(proveEngine(target, '', broken, [])).rejects.toThrow('no space');
    await hungUp;
  }, 30_000);

  test('asks nobody else when nobody answers', async () => {
    const proof = await prove(await freePort());
    expect(proof).toMatchObject({
      verdict: 'unreachable',
      findings: [{ answer: { kind: 'unreachable', detail: 'ECONNREFUSED' } }],
    });
    expect(proof.findings).toHaveLength(1);
  });
});
