/* oxlint-disable unicorn/consistent-function-scoping -- each kind of server has its ways to answer beside it */
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import type { ClientCredentials } from '@docker-mtls/doctor';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { examineAddress } from '../../packages/doctor/src/address/examine-address.ts';
import { onCleanup } from '../support/cleanup.ts';
import { describeNeeding } from '../support/describe-needing.ts';
import { diagnosisOf, idsOf } from '../support/doctor.ts';
import { freePort } from '../support/free-port.ts';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { days, issuePair, makeAuthority } from '../support/test-ca.ts';
import type { TestOrder, TestPair } from '../support/test-ca.ts';
import { haproxy, opensslServer, startServer } from '../support/tls-servers.ts';

// Each fault beside a counterpart that is well, on servers of several makers: they reject clients in different ways.

const SANS = ['localhost', '127.0.0.1'];
const CA = makeAuthority('test CA', 'ec-p256', days(-400, 3000));
const OTHER = makeAuthority('another CA', 'ec-p256');
const GOOD: TestOrder = { name: 'node1', sans: SANS, validity: days(-1, 300) };
const ALICE = issuePair(CA.authority, 'client', { name: 'alice' });
const CLIENT: ClientCredentials = { roots: [CA.pem], pair: ALICE };

function serverPair(order: Partial<TestOrder> = {}): TestPair {
  return issuePair(CA.authority, 'server', { ...GOOD, ...order });
}

async function listen(server: net.Server): Promise<number> {
  const open = new Set<net.Socket>();
  server.on('connection', (socket) => open.add(socket.on('error', () => undefined)));
  server.on('tlsClientError', () => undefined);
  onCleanup(() => {
    server.close();
    open.forEach((socket) => socket.destroy());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server of Node's that answers as an engine does. */
function engineLike(options: https.ServerOptions, answer: http.RequestListener = pong): Promise<number> {
  const pair = serverPair();
  const verified = { ca: CA.pem, requestCert: true, rejectUnauthorized: true };
  return listen(
    https.createServer({ cert: pair.certificate, key: pair.key, ...verified, ...options }, answer),
  );
}

const pong: http.RequestListener = (_, response) => {
  response.setHeader('Api-Version', '1.41').end('OK');
};

async function found(port: number, client?: ClientCredentials): Promise<readonly string[]> {
  return idsOf(await diagnosisOf(`tcp://127.0.0.1:${port}`, { ...(client && { client }), patienceMs: 3000 }));
}

test.each([
  ['a client that it accepts', CLIENT],
  ['nobody', undefined],
])('a server that verifies its clients has no findings for %s', async (_, client) => {
  expect(await found(await engineLike({}), client)).toEqual([]);
});

test('a server that is reached by its name has none, and by another name one', async () => {
  const port = await engineLike({});
  expect(idsOf(await diagnosisOf(`tcp://localhost:${port}`, { client: CLIENT }))).toEqual([]);
  const { certificate: cert, key } = serverPair({ sans: ['127.0.0.1'] });
  const other = await engineLike({ cert, key });
  expect(idsOf(await diagnosisOf(`tcp://localhost:${other}`))).toEqual(['DM120']);
});

describe('who is served', () => {
  test('anybody, over plain HTTP', async () => {
    expect(await found(await listen(http.createServer(pong)))).toEqual(['DM101']);
  });

  test('anybody over plain HTTP, by a server that is no engine', async () => {
    const page: http.RequestListener = (_, response) => void response.end('<html>');
    expect(await found(await listen(http.createServer(page)))).toEqual(['DM136']);
  });

  test.each([
    ['a client without a certificate', { requestCert: false }, 'DM102'],
    ['one without a certificate over TLS 1.3 alone', { requestCert: false, minVersion: 'TLSv1.3' }, 'DM102'],
    ['one without a certificate over TLS 1.2 alone', { requestCert: false, maxVersion: 'TLSv1.2' }, 'DM102'],
  ] as const)('%s', async (_, options, id) => {
    expect(await found(await engineLike(options))).toContain(id);
  });

  test('a client of any CA', async () => {
    const shown: http.RequestListener = (request, response) => {
      const { raw } = (request.socket as tls.TLSSocket).getPeerCertificate();
      if (raw === undefined) request.socket.destroy();
      else pong(request, response);
    };
    expect(await found(await engineLike({ rejectUnauthorized: false }, shown))).toEqual(['DM103']);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('one that resumes a session, over %s', async (version) => {
    const checked: http.RequestListener = (request, response) => {
      const socket = request.socket as tls.TLSSocket;
      if (!socket.authorized && !socket.isSessionReused()) socket.destroy();
      else pong(request, response);
    };
    const options = { rejectUnauthorized: false, minVersion: version, maxVersion: version } as const;
    const diagnosis = await diagnosisOf(`tcp://127.0.0.1:${await engineLike(options, checked)}`);
    expect(diagnosis.found).toContainEqual(
      expect.objectContaining({ id: 'DM102', message: expect.stringContaining('by resuming a session') }),
    );
  });
});

test('the certificate of a server is shown as a client, where it is there', async () => {
  const server = serverPair();
  const accepts: http.RequestListener = (request, response) => {
    const { raw } = (request.socket as tls.TLSSocket).getPeerCertificate();
    if (raw?.equals(new crypto.X509Certificate(server.certificate).raw) === true) pong(request, response);
    else request.socket.destroy();
  };
  const stranger = issuePair(OTHER.authority, 'client', { name: 'stranger' });
  const order = { stranger, server, patienceMs: 3000, now: () => new Date(), subject: 'x' };
  const at = async (port: number): Promise<readonly string[]> =>
    (await examineAddress({ ...order, target: { host: '127.0.0.1', port } })).found.map(({ id }) => id);
  expect(await at(await engineLike({ rejectUnauthorized: false }, accepts))).toEqual(['DM104']);
  expect(await at(await engineLike({}))).toEqual([]);
});

describe('the client that is to be accepted', () => {
  test('is rejected', async () => {
    expect(await found(await engineLike({ ca: OTHER.pem }), CLIENT)).toEqual(['DM132']);
  });

  test('does not trust the engine', async () => {
    expect(await found(await engineLike({}), { ...CLIENT, roots: [OTHER.pem] })).toEqual(['DM128']);
  });

  test('is denied by an authorization plugin', async () => {
    const message = JSON.stringify({ message: 'authorization denied by plugin p: no' });
    const port = await engineLike({}, (_, response) => void response.writeHead(403).end(message));
    expect(await found(port, CLIENT)).toEqual(['DM502']);
  });

  test('is accepted, and gets an answer that is not one of an engine', async () => {
    const elsewhere = { Location: 'http://169.254.169.254/' };
    const port = await engineLike({}, (_, response) => void response.writeHead(302, elsewhere).end());
    expect(await found(port, CLIENT)).toEqual(['DM133']);
    const pair = serverPair();
    const options = { cert: pair.certificate, key: pair.key, ca: CA.pem, requestCert: true };
    const chatter = tls.createServer(options, (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await found(await listen(chatter), CLIENT)).toEqual(['DM133']);
  });

  test('gets no answer, usually because of a plugin that is down', async () => {
    const port = await engineLike({}, () => undefined);
    const target = `tcp://127.0.0.1:${port}`;
    const diagnosis = await diagnosisOf(target, { client: CLIENT, patienceMs: 700 });
    expect(diagnosis.found).toContainEqual(
      expect.objectContaining({
        id: 'DM501',
        hint: expect.stringMatching(/usually an authorization plugin.*--timeout 20s/),
      }),
    );
  });
});

describe('the certificate of the engine', () => {
  test.each<[string, Partial<TestOrder>, string]>([
    ['has expired', { validity: days(-10, -1) }, 'DM121'],
    ['is due', { validity: days(-200, 30) }, 'DM122'],
    ['is not valid yet', { validity: days(1, 300) }, 'DM123'],
    ['is valid for years', { validity: days(-1, 900) }, 'DM125'],
    ['is for another host', { sans: ['node9'] }, 'DM120'],
  ])('%s', async (_, order, id) => {
    const { certificate: cert, key } = serverPair(order);
    expect(await found(await engineLike({ cert, key }))).toEqual([id]);
  });

  test('is that of a CA', async () => {
    const own = makeAuthority('node1', 'ec-p256', days(-1, 300));
    const ids = await found(await engineLike({ cert: own.pem, key: own.key }));
    expect(ids).toEqual(['DM120', 'DM126', 'DM127']);
  });
});

test('the CAs whose clients are accepted: more than one, none in particular', async () => {
  expect(await found(await engineLike({ ca: [CA.pem, OTHER.pem] }))).toEqual(['DM107']);
  const secureContext = tls.createSecureContext({ ca: [] });
  expect(await found(await engineLike({ ca: [], secureContext } as https.ServerOptions))).toEqual(['DM108']);
});

test('a public CA', async () => {
  const [root = ''] = tls.rootCertificates;
  expect(await found(await engineLike({ ca: [CA.pem, root] }))).toEqual(['DM110']);
});

test('HTTP/2, and gRPC with it', async () => {
  expect(await found(await engineLike({ ALPNProtocols: ['h2', 'http/1.1'] }))).toEqual(['DM505']);
  expect(await found(await engineLike({ ALPNProtocols: ['http/1.1'] }))).toEqual([]);
});

test('a clock that is wrong', async () => {
  const late = new Date(Date.now() + 7_200_000).toUTCString();
  const port = await listen(
    http.createServer((_, response) => {
      response.sendDate = false;
      response.setHeader('Date', late).end('OK');
    }),
  );
  expect(await found(port)).toEqual(['DM101', 'DM137']);
});

test('what takes connections and is silent', async () => {
  const port = await listen(net.createServer());
  const diagnosis = await diagnosisOf(`tcp://127.0.0.1:${port}`, { client: CLIENT, patienceMs: 1000 });
  expect(idsOf(diagnosis)).toContain('DM134');
});

test('what takes clients without a certificate, and speaks another protocol with them', async () => {
  const { certificate: cert, key } = serverPair();
  const port = await listen(tls.createServer({ cert, key }, (socket) => void socket.end('SSH-2.0-x\r\n')));
  expect(await found(port)).toEqual(['DM105']);
});

test('what ends every handshake before it presents a certificate', async () => {
  const { certificate: cert, key } = serverPair();
  const ciphers = { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const;
  const port = await listen(tls.createServer({ cert, key, ...ciphers }));
  expect(await found(port)).toEqual(['DM136']);
  expect(await found(port, CLIENT)).toEqual(['DM132']);
});

const SWITCHING = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';

test.each([
  ['hangs up after the handshake', (socket: tls.TLSSocket) => socket.end()],
  ['hangs up on their requests', (socket: tls.TLSSocket) => socket.once('data', () => socket.destroy())],
  ['switches protocols', (socket: tls.TLSSocket) => socket.once('data', () => socket.write(SWITCHING))],
])('what asks nobody for a certificate, and %s', async (_, act) => {
  const { certificate: cert, key } = serverPair();
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const versions = { minVersion: version, maxVersion: version };
    expect(await found(await listen(tls.createServer({ cert, key, ...versions }, act)))).toEqual(['DM105']);
  }
});

test('what switches protocols without TLS', async () => {
  const act = (socket: net.Socket): void => void socket.once('data', () => socket.write(SWITCHING));
  expect(await found(await listen(net.createServer(act)))).toEqual(['DM136']);
});

test('what speaks another protocol than TLS', async () => {
  const port = await listen(net.createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  expect(await found(port)).toEqual(['DM130']);
  expect(await found(port, CLIENT)).toEqual(['DM130']);
});

test('an engine whose answer about itself would fill the memory is not read to its end', async () => {
  const bomb = `{"Version":"28.5.2","Plugins":[${'[],'.repeat(100_000)}[]]}`;
  const port = await engineLike({}, (request, response) =>
    request.url === '/_ping' ? pong(request, response) : void response.end(bomb),
  );
  expect(await found(port, CLIENT)).toEqual([]);
});

test('what takes clients without a certificate and is silent then', async () => {
  const port = await engineLike({ requestCert: false }, () => undefined);
  const diagnosis = await diagnosisOf(`tcp://127.0.0.1:${port}`, { patienceMs: 700 });
  expect(idsOf(diagnosis)).toEqual(['DM105']);
});

test('a server that sends without an end costs its time and 20 MB at most', async () => {
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const port = await listen(
    net.createServer((socket) => {
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      socket.on('drain', more);
      more();
    }),
  );
  await diagnosisOf(`tcp://127.0.0.1:${port}`, { client: CLIENT, patienceMs: 1000 });
  // What the kernel keeps of each connection is sent, but not read.
  expect(sent).toBeLessThan(100 * 1024 * 1024);
});

test('an engine that goes on with what is no part of an answer is cut off', async () => {
  let sent = 0;
  const hint = Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(1000));
  const port = await engineLike({}, (request, response) => {
    if (request.url === '/_ping') return pong(request, response);
    const { socket } = request;
    const more = (): void => {
      while (!socket.destroyed && socket.write(hint)) sent += hint.length;
      sent += hint.length;
    };
    socket.on('drain', more);
    return more();
  });
  await diagnosisOf(`tcp://127.0.0.1:${port}`, { client: CLIENT, patienceMs: 3000 });
  expect(sent).toBeLessThan(30 * 1024 * 1024);
});

describeNeeding(['openssl', 'haproxy', 'gnutls-serv'], 'servers of other makers', () => {
  let files: { readonly certificate: string; readonly key: string; readonly ca: string };
  let joined: string;
  beforeAll(() => {
    const folder = temporaryFolder();
    const pair = serverPair();
    const write = (name: string, text: string): string => {
      const file = path.join(folder, name);
      fs.writeFileSync(file, text, { mode: 0o600 });
      return file;
    };
    files = {
      certificate: write('cert.pem', pair.certificate),
      key: write('key.pem', pair.key),
      ca: write('ca.pem', CA.pem),
    };
    joined = write('joined.pem', pair.certificate + pair.key);
  });

  test.each([
    ['verifies its clients', ['-Verify', '1', '-verify_return_error'], []],
    ['asks for no certificate', [], ['DM102']],
    ['takes any certificate, or none', ['-verify', '1'], ['DM102']],
    ['takes any certificate', ['-Verify', '1'], ['DM103']],
  ] as const)('OpenSSL that %s', async (_, options, ids) => {
    expect(await found(await opensslServer(files, options))).toEqual(ids);
  });

  test.each([
    ['a small key', ['-newkey', 'rsa:1024'], 'DM124'],
    [
      'a certificate that passes for a client too',
      ['-addext', 'extendedKeyUsage=serverAuth,clientAuth'],
      'DM126',
    ],
    ['a certificate without extKeyUsage', [], 'DM126'],
    ['a certificate that nobody signed', ['-addext', 'extendedKeyUsage=serverAuth'], 'DM127'],
  ])('OpenSSL with %s', async (_, words, id) => {
    const folder = temporaryFolder();
    const made = ['-subj', '/CN=node1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '300'];
    const key = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem'];
    await output('openssl', ['req', ...key, ...words, ...made], { cwd: folder });
    const own = { ...files, certificate: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    const verifies = ['-Verify', '1', '-verify_return_error', '-cipher', 'DEFAULT:@SECLEVEL=0'];
    expect(await found(await opensslServer(own, verifies))).toContain(id);
  });

  test.each([
    ['verifies its clients', ['--require-client-cert', '--verify-client-cert'], []],
    // It answers with a page, which no engine does.
    ['asks for no certificate', ['--disable-client-cert'], ['DM105']],
  ] as const)('GnuTLS that %s', async (_, options, ids) => {
    const port = await freePort();
    const pair = ['--x509certfile', files.certificate, '--x509keyfile', files.key, '--x509cafile', files.ca];
    await startServer('gnutls-serv', ['--port', `${port}`, '--http', ...pair, ...options], { port });
    expect(await found(port)).toEqual(ids);
  });

  test.each([
    ['verifies its clients', `verify required ca-file`, []],
    ['lets those without a certificate in', `verify optional ca-file`, ['DM102']],
    ['takes any CA', 'verify required ca-ignore-err all crt-ignore-err all ca-file', ['DM103']],
  ] as const)('haproxy that %s', async (_, verify, ids) => {
    const [port, behind] = [await freePort(), await listen(http.createServer(pong))];
    await haproxy(
      `frontend f\n  mode http\n  bind 127.0.0.1:${port} ssl crt ${joined} ${verify} ${files.ca}\n  default_backend b\n` +
        `backend b\n  mode http\n  server s 127.0.0.1:${behind}\n`,
      port,
    );
    expect(await found(port)).toEqual(ids);
  });
});
