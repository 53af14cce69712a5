import type net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { issue, makeAuthority } from '../testing/pki.ts';
import { proveEngine } from './index.ts';
import type { Answer, Proof } from './index.ts';

// Stand-ins for an engine that has the right pair, asks for certificates, and answers what no engine does.
const ours = makeAuthority('ours');
const server = issue(ours, 'server');
const alice = issue(ours, 'client');

type Say = (socket: TLSSocket) => void;

/** What the kernel's buffers on both sides can hold, and more than any answer needs. */
const FAR_TOO_MUCH = 64 * 1024 * 1024;

const doors: net.Server[] = [];
afterEach(() => doors.splice(0).forEach((door) => door.close()));

async function stand(say: Say): Promise<number> {
  const options = { cert: server.certificate, key: server.key, ca: ours.certificate.pem, requestCert: true };
  const door = tls.createServer(options, (socket) => {
    socket.on('error', () => undefined).once('data', () => say(socket));
  });
  doors.push(door);
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  return (door.address() as AddressInfo).port;
}

async function prove(say: Say): Promise<Proof> {
  const target = {
    host: '127.0.0.1',
    port: await stand(say),
    name: 'localhost',
    roots: ours.certificate.pem,
  };
  const client = { who: 'alice', expected: 'served', pair: () => alice } as const;
  return proveEngine(target, server.fingerprint, client, [
    { who: 'anybody, in the clear', expected: 'refused', inTheClear: true },
    { who: 'nobody', expected: 'refused' },
  ]);
}

function says(...lines: readonly string[]): Say {
  return (socket) => socket.end(lines.join('\r\n'));
}

const answered = (detail: string): Partial<Answer> => ({ kind: 'answered', detail });

describe.each<[string, Say, Partial<Answer>]>([
  [
    '200 with nothing',
    says('HTTP/1.1 200 OK', 'Content-Length: 0', '', ''),
    answered('HTTP 200, without its OK'),
  ],
  [
    '200 with a page',
    says('HTTP/1.1 200 OK', '', '<html>It works!</html>'),
    answered('HTTP 200, without its OK'),
  ],
  ['200 with more than OK', says('HTTP/1.1 200 OK', '', 'OK\n'), answered('HTTP 200, without its OK')],
  [
    '200 with half of OK',
    says('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'O'),
    answered('HTTP 200, without its OK'),
  ],
  [
    '200 with other letters',
    says('HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok'),
    answered('HTTP 200, without its OK'),
  ],
  [
    '200 with a chunk that is none',
    says('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'ZZ', 'OK', '0', '', ''),
    answered('HTTP 200, without its OK'),
  ],
  [
    '200 with a chunk beyond all bounds',
    says('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', '', 'FFFFFFFFFFFFFFFFF', 'OK'),
    answered('HTTP 200, without its OK'),
  ],
  [
    '200 with two lengths',
    says('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 3', '', 'OK'),
    { kind: 'mistrusted', detail: 'it speaks no HTTP' },
  ],
  ['a redirect', says('HTTP/1.1 302 Found', 'Location: https://localhost/', '', ''), answered('HTTP 302')],
  ['an error with a body', says('HTTP/1.1 500 No', '', '{"message":"no"}'), answered('HTTP 500')],
  ['no HTTP', says('SSH-2.0-OpenSSH_9.2', ''), { kind: 'mistrusted', detail: 'it speaks no HTTP' }],
  [
    'a control character in a header',
    says('HTTP/1.1 403 No', 'Api-Version: 1.51\u001b[31m', '', ''),
    { kind: 'mistrusted', detail: 'it speaks no HTTP' },
  ],
])('an engine that says %s', (_what, say, answer) => {
  test('is not proven, and what it said is told', async () => {
    const proof = await prove(say);
    expect(proof.findings[0]).toMatchObject({ good: false, answer });
    expect(proof.verdict).toBe('disproven');
  });
});

describe('what an engine says of its version', () => {
  test.each([
    ['what a terminal obeys', '\u009b31m1.51'],
    ['what is no version', '1.51 (secured)'],
    ['what fills the screen', '1'.repeat(8000)],
    ['two of them', '1.51\r\nApi-Version: 1.52'],
  ])('is not repeated when it is %s', async (_what, version) => {
    const { findings } = await prove((socket) =>
      socket.end(
        Buffer.from(`HTTP/1.1 200 OK\r\nApi-Version: ${version}\r\nContent-Length: 2\r\n\r\nOK`, 'latin1'),
      ),
    );
    expect(findings[0]?.answer).toMatchObject({ kind: 'served', detail: 'HTTP 200, API unclear' });
  });
});

/** Says something without an end, as fast as it is read, and counts it. */
function endlessly(head: string, again: string): { readonly say: Say; readonly said: () => number } {
  const more = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)), 'latin1');
  let said = 0;
  const say: Say = (socket) => {
    const pour = (): void => {
      while (!socket.destroyed && socket.write(more)) said += more.length;
      said += more.length;
      if (!socket.destroyed) socket.once('drain', pour);
    };
    socket.write(head, pour);
  };
  return { say, said: () => said };
}

describe('an engine that never comes to an end', () => {
  test.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'X-Filler: 0123456789abcdef\r\n'],
    ['one header', 'HTTP/1.1 200 OK\r\nX-Filler: ', 'x'],
    ['a status line', 'HTTP/1.1 200 ', 'x'],
    ['a body', 'HTTP/1.1 200 OK\r\n\r\n', 'OK'],
    ['a body in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '2\r\nOK\r\n'],
    ['a chunk extension', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;', 'x'],
    ['trailers', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n', 'X-Filler: 0\r\n'],
  ])('is not read to the end: %s', async (_what, head, again) => {
    const { say, said } = endlessly(head, again);
    const proof = await prove(say);
    expect(proof).toMatchObject({ verdict: 'disproven', findings: [{ good: false }, {}, {}] });
    expect(said()).toBeLessThan(FAR_TOO_MUCH);
  });
});
