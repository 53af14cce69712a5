import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '../../../test/support/free-port.ts';
import { issue, makeAuthority } from '../testing/pki.ts';
import { presentedAt } from './presented-at.ts';

const ours = makeAuthority('ours');
const server = issue(ours, 'server');

const running: net.Server[] = [];
afterEach(() => {
  for (const each of running.splice(0)) each.close();
});

async function listen(endpoint: net.Server): Promise<number> {
  running.push(endpoint);
  await new Promise<void>((resolve) => void endpoint.listen(0, '127.0.0.1', resolve));
  return (endpoint.address() as AddressInfo).port;
}

function serve(options: TlsOptions): Promise<number> {
  const endpoint = tls.createServer({ cert: server.certificate, key: server.key, ...options }, (socket) => {
    socket.on('error', () => undefined);
  });
  return listen(endpoint.on('tlsClientError', () => undefined));
}

const DEMANDING: TlsOptions = { ca: ours.certificate.pem, requestCert: true, rejectUnauthorized: true };

describe('the certificate is read that is presented', () => {
  test.each<[string, TlsOptions]>([
    ['by a server that asks for none', {}],
    ['under TLS 1.3, by one that demands a certificate', { ...DEMANDING, minVersion: 'TLSv1.3' }],
    ['under TLS 1.2, by one that demands a certificate', { ...DEMANDING, maxVersion: 'TLSv1.2' }],
  ])('%s', async (_, options) => {
    const port = await serve(options);
    expect(await presentedAt({ host: '127.0.0.1', port })).toMatchObject({
      presented: { fingerprint: server.fingerprint },
    });
  });
});

describe('nothing is presented', () => {
  test('where nothing listens', async () => {
    const port = await freePort();
    expect(await presentedAt({ host: '127.0.0.1', port })).toMatchObject({
      outcome: { kind: 'unreachable' },
    });
  });

  test('by a server without TLS', async () => {
    const port = await listen(http.createServer());
    expect(await presentedAt({ host: '127.0.0.1', port })).toMatchObject({ outcome: { kind: 'mistrusted' } });
  });

  test('by one that hangs up', async () => {
    const port = await listen(net.createServer((socket) => void socket.on('error', () => undefined).end()));
    expect(await presentedAt({ host: '127.0.0.1', port })).toMatchObject({ outcome: { kind: 'closed' } });
  });
});
