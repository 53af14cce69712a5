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
import type { AddressProof, Client, ProbeOutcome, ProofOrder, Stranger } from './index.ts';

// Servers of Node's that no proof may take for an engine. Engines, and servers that could fool a proof, are in
// test/engine.
const ours = makeAuthority('ours');
const server = issue(ours, 'server');
const alice = issue(ours, 'client');
const stranger = issue(makeAuthority('ours'), 'client');

const ALICE: Client = { who: 'alice', pair: () => alice };
const STRANGERS: readonly Stranger[] = [
  { kind: 'plain-http', who: 'in the clear' },
  { kind: 'no-certificate', who: 'nobody' },
  { kind: 'foreign-ca', who: 'a stranger', pair: () => stranger },
];

const running: net.Server[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.close();
});

async function listen(endpoint: net.Server): Promise<number> {
  running.push(endpoint);
  await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
  return (endpoint.address() as AddressInfo).port;
}

const MUTUAL: TlsOptions = {
  cert: server.certificate,
  key: server.key,
  ca: ours.certificate.pem,
  requestCert: true,
};

/** An endpoint with the engine's pair that takes every certificate and answers as told. */
function saying(say: (socket: TLSSocket) => void): Promise<number> {
  return listen(
    tls.createServer({ ...MUTUAL, rejectUnauthorized: false }, (socket) => {
      socket.on('error', () => undefined).once('data', () => say(socket));
    }),
  );
}

const lines =
  (...text: readonly string[]) =>
  (socket: TLSSocket): void =>
    void socket.end(text.join('\r\n'));

async function prove(port: number, order: Partial<ProofOrder> = {}): Promise<AddressProof> {
  const { addresses } = await proveEngine({
    targets: [{ host: '127.0.0.1', port }],
    roots: [ours.certificate.pem],
    fingerprint: server.fingerprint,
    names: ['localhost'],
    client: ALICE,
    strangers: STRANGERS,
    ...order,
  });
  const [address] = addresses;
  if (address === undefined) throw new Error('no address was asked');
  return address;
}

function outcomes({ probes }: AddressProof): readonly ProbeOutcome['kind'][] {
  return probes.map(({ outcome }) => outcome.kind);
}

const NO_OK = 'HTTP 200, without the body OK';

describe('an endpoint is not secured that accepts the client and then', () => {
  test.each<[string, (socket: TLSSocket) => void, Partial<ProbeOutcome>]>([
    [
      'says 200 with nothing',
      lines('HTTP/1.1 200 OK', 'Content-Length: 0', '', ''),
      { kind: 'answered', detail: NO_OK },
    ],
    [
      'says 200 with a page',
      lines('HTTP/1.1 200 OK', '', '<html>It works!</html>'),
      { kind: 'answered', detail: NO_OK },
    ],
    [
      'says 200 with half of OK',
      lines('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'O'),
      { kind: 'answered' },
    ],
    [
      'says 200 with a chunk that is none',
      lines('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'ZZ', 'OK', '0', '', ''),
      { kind: 'answered' },
    ],
    [
      'says 200 with two lengths',
      lines('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 3', '', 'OK'),
      { kind: 'mistrusted' },
    ],
    [
      'redirects',
      lines('HTTP/1.1 302 Found', 'Location: https://localhost/', '', ''),
      { kind: 'answered', detail: 'HTTP 302' },
    ],
    [
      'speaks no HTTP',
      lines('SSH-2.0-OpenSSH_9.2', ''),
      { kind: 'mistrusted', detail: 'it does not speak HTTP' },
    ],
    ['hangs up', (socket) => socket.end(), { kind: 'closed' }],
    ['says half a status line', lines('HTTP/1.1 20'), { kind: 'closed' }],
  ])('%s', async (_, say, outcome) => {
    const proof = await prove(await saying(say));
    expect(proof.probes[0]).toMatchObject({ isGood: false, outcome });
    expect(proof.verdict).not.toBe('secured');
  });
});

test('a client that is not accepted over the only version of TLS was not accepted before', async () => {
  const only12 = { ...MUTUAL, rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const;
  const port = await listen(
    tls.createServer(only12, (socket) => void socket.on('error', () => undefined).end()),
  );
  const { fingerprint } = issue(ours, 'server');
  expect((await prove(port)).findings[0]).toMatchObject({ id: 'client-rejected' });
  expect((await prove(port, { fingerprint })).findings[0]).toMatchObject({ id: 'other-certificate' });
});

/** What the kernel's buffers on both sides can hold, and more than any answer needs. */
const FAR_TOO_MUCH = 64 * 1024 * 1024;

/** Says something without an end, as fast as it is read, and counts it. */
function endlessly(head: string, again: string): { say: (socket: TLSSocket) => void; said: () => number } {
  const more = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)), 'latin1');
  let said = 0;
  const say = (socket: TLSSocket): void => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(more)) said += more.length;
      said += more.length;
      if (!socket.destroyed) socket.once('drain', pour);
    };
    socket.write(head, pour);
  };
  return { say, said: () => said };
}

describe('an answer without an end is not read to the end', () => {
  test.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X-Filler: 0123456789abcdef\r\n'],
    ['one header', 'HTTP/1.1 200 OK\r\nX-Filler: ', 'x'],
    ['a status line', 'HTTP/1.1 200 ', 'x'],
    ['a body', 'HTTP/1.1 200 OK\r\n\r\n', 'OK'],
    ['a body of an error', 'HTTP/1.1 403 No\r\n\r\n', 'OK'],
    ['a body in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '2\r\nOK\r\n'],
    ['a chunk extension', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;', 'x'],
  ])('%s', async (_, head, again) => {
    const { say, said } = endlessly(head, again);
    const proof = await prove(await saying(say), { strangers: [] });
    expect(proof.verdict).not.toBe('secured');
    expect(said()).toBeLessThan(FAR_TOO_MUCH);
  });
});

describe('the certificate that is presented', () => {
  const answers = lines('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'OK');

  test('must be the one that is expected', async () => {
    const { fingerprint } = issue(ours, 'server');
    const proof = await prove(await saying(answers), { fingerprint });
    expect(proof).toMatchObject({
      verdict: 'unclear',
      findings: [{ id: 'other-certificate' }],
      fingerprint: server.fingerprint,
    });
  });

  test.each(['node1.example.com', '127.0.0.1'])('must be valid for %s', async (name) => {
    const proof = await prove(await saying(answers), { names: [name] });
    expect(proof.findings[0]).toMatchObject({ id: 'certificate-not-trusted' });
    expect(proof.verdict).toBe('unclear');
  });

  test('must be valid for every name that clients connect by', async () => {
    const proof = await prove(await saying(answers), { names: ['localhost', 'node1'], strangers: [] });
    expect(proof.findings).toMatchObject([
      { id: 'engine-changed', message: expect.stringContaining('is not valid for the name') },
    ]);
  });

  test('must come from this CA', async () => {
    const roots = [makeAuthority('ours').certificate.pem];
    expect((await prove(await saying(answers), { roots })).findings[0]?.id).toBe('certificate-not-trusted');
  });
});

test.each([
  [500, 'plugin authz failed with error: AuthZPlugin.AuthZReq: dial unix', 'authorization-plugin-down'],
  [403, 'authorization denied by plugin authz: no', 'client-denied-by-plugin'],
])('an authorization plugin that answers the client with %i is named', async (status, message, id) => {
  const body = JSON.stringify({ message });
  const proof = await prove(await saying(lines(`HTTP/1.1 ${status} No`, '', body)));
  expect(proof.findings[0]).toMatchObject({ id, message: expect.stringContaining('plugin authz') });
  expect(proof.verdict).not.toBe('secured');
});

test('an engine that accepts the client and says nothing for long has a plugin that does not answer', async () => {
  const proof = await prove(await saying(() => undefined), { strangers: [] });
  expect(proof.findings[0]).toMatchObject({
    id: 'authorization-plugin-down',
    message: expect.stringContaining('no answer within 20 s'),
  });
}, 60_000);

test.each([204, 301, 400, 403, 404, 500, 503])(
  'a stranger who is answered with %i was let in',
  async (status) => {
    const port = await listen(
      https.createServer({ ...MUTUAL, rejectUnauthorized: false }, (request, response) => {
        const { authorized } = request.socket as TLSSocket;
        response.writeHead(authorized ? 200 : status).end('OK');
      }),
    );
    const proof = await prove(port);
    expect(proof.verdict).toBe('unsecured');
    expect(proof.findings).toContainEqual(
      expect.objectContaining({
        id: 'stranger-accepted',
        message: expect.stringContaining(`HTTP ${status}`),
      }),
    );
  },
);

test.each([200, 400, 403, 404, 500])('plain HTTP that is answered with %i is found open', async (status) => {
  const port = await listen(
    http.createServer((_request, response) => void response.writeHead(status).end('OK')),
  );
  const proof = await prove(port);
  expect(proof).toMatchObject({ verdict: 'unsecured' });
  expect(proof.findings.map(({ id }) => id)).toEqual(['not-tls', 'stranger-accepted']);
});

test.each<[string, (socket: net.Socket) => void]>([
  ['closes', (socket) => socket.destroy()],
  ['resets', (socket) => socket.resetAndDestroy()],
])('an endpoint that %s every connection is not secured', async (_, hangUp) => {
  const proof = await prove(await listen(net.createServer(hangUp)));
  expect(new Set(outcomes(proof))).toEqual(new Set(['closed']));
  expect(proof.verdict).toBe('unclear');
});

test('an endpoint that is silent about TLS is asked over plain HTTP alone', async () => {
  const port = await listen(
    net.createServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', (bytes) => {
          if (bytes.includes('GET ')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK');
        });
    }),
  );
  const proof = await prove(port);
  expect(outcomes(proof)).toEqual(['silent', 'accepted']);
  expect(proof.verdict).toBe('unsecured');
  expect(proof.findings.map(({ id }) => id)).toEqual(['engine-silent', 'stranger-accepted']);
}, 30_000);

test.each([
  ['has no zone', 'fe80::1'],
  ['is for everybody', '255.255.255.255'],
])('nothing answers at an address that %s', async (_, host) => {
  const proof = await prove(0, { targets: [{ host, port: 2376 }] });
  expect(proof).toMatchObject({ verdict: 'unreachable', findings: [{ id: 'address-unreachable' }] });
});

function never(): never {
  throw new Error('a pair was asked for');
}

test('where nothing answers, no pair is asked for', async () => {
  const proof = await prove(await freePort(), {
    client: { who: 'alice', pair: never },
    strangers: [{ kind: 'expired', who: 'a client', pair: never }],
  });
  expect(proof).toMatchObject({
    verdict: 'unreachable',
    probes: [{ outcome: { detail: 'the connection was refused' } }],
  });
});

test('the connection ends when a pair cannot be read', async () => {
  const endpoint = net.createServer((socket) => socket.resume());
  const port = await listen(endpoint);
  const closed = once(endpoint, 'connection').then(([socket]) => once(socket as net.Socket, 'close'));
  const broken = { who: 'alice', pair: () => Promise.reject(new Error('no space')) };
  await expect(prove(port, { client: broken })).rejects.toThrow('no space');
  await closed;
}, 30_000);
