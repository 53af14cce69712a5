import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { cli, cliJson } from '../support/cli.ts';
import { temporaryFolder } from '../support/temp.ts';
import { makeAuthority } from '../support/test-ca.ts';

const CA = '.local/share/docker-mtls';

/** A server that shows the pair of node1, trusts another CA, and hangs up on everybody else without an alert. */
async function startServer(home: string): Promise<number> {
  const read = (name: string): string => fs.readFileSync(path.join(home, CA, 'servers/node1', name), 'utf8');
  const server = tls.createServer({
    cert: read('server-cert.pem'),
    key: read('server-key.pem'),
    ca: makeAuthority('other', 'ec-p256').pem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onCleanup(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('a server that hangs up after the handshake does not end the program before it has an answer', async () => {
  const home = temporaryFolder();
  await cliJson(['init-ca'], { home });
  await cliJson(['issue-server', 'node1'], { home });
  await cliJson(['issue-client', 'alice'], { home });
  const port = await startServer(home);
  await cliJson(['context', 'create', 'node1', '--client', 'alice', '--for', `tcp://127.0.0.1:${port}`], {
    home,
  });
  const { code, stdout } = await cli(['context', 'check', 'node1'], { home });
  expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining(`127.0.0.1:${port}`) });
});
