import fs from 'node:fs';
import net from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.ts';
import { cli, cliJson } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';
import type { Finished } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// Stand-ins for what may listen on an engine's port; the engines themselves are in test/engine and test/host.

let home: string;

beforeAll(async () => {
  home = temporaryFolder();
  await cliJson(['init-ca'], at());
  await cliJson(['issue-server', 'node1'], at());
  await cliJson(['issue-client', 'alice'], at());
});

const at = (): { home: string; env: Record<string, string> } => ({
  home,
  env: { DOCKER_MTLS_CA_DIR: path.join(home, 'ca') },
});

type Say = (socket: Socket) => void;

const inTheClear = (say: Say): net.Server => net.createServer((socket) => say(quiet(socket)));

function overTls(say: Say): net.Server {
  const pair = { ca: read('ca.pem'), cert: read('server-cert.pem'), key: read('server-key.pem') };
  return tls.createServer({ ...pair, requestCert: true }, (socket) =>
    quiet(socket).once('data', () => say(socket)),
  );
}

function read(name: string): Buffer {
  return fs.readFileSync(path.join(home, 'ca/servers/node1', name));
}

function quiet(socket: Socket): Socket {
  return socket.on('error', () => undefined).resume();
}

async function portOf(door: net.Server): Promise<number> {
  await new Promise<void>((resolve) => void door.listen(0, '127.0.0.1', resolve));
  return (door.address() as AddressInfo).port;
}

/** Has daemon.json say that the engine listens there, and then has everything seen to and proven. */
async function secureAt(port: number): Promise<Finished> {
  const daemon = ['--config', `daemon-${port}.json`, '--listen', `127.0.0.1:${port}`];
  await cliJson(['daemon-config', ...daemon], at());
  return cli(['secure', 'node1', '--client', 'alice', ...daemon, '-o', `alice-${port}.tar.gz`], at());
}

describe('secure', () => {
  test('proves nothing where nothing listens, which is no failure', async () => {
    const port = await freePort();
    const { code, stdout } = await secureAt(port);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining(`- not proven: nothing answers yet at 127.0.0.1:${port}\n`),
    });
  });

  test.each<[string, () => net.Server, RegExp]>([
    [
      'takes connections and says nothing',
      () => inTheClear(() => undefined),
      NOT_PROVEN('wait until the engine has started', 'silent'),
    ],
    [
      'speaks no TLS',
      () => inTheClear((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
      NOT_PROVEN('ss -ltnp', 'not trusted (it does not speak TLS)'),
    ],
    [
      'speaks TLS and no HTTP',
      () => overTls((socket) => void socket.end('220 smtp.example.com ESMTP\r\n')),
      NOT_PROVEN('answers GET /_ping with 200 and OK', 'not trusted (it does not speak HTTP)'),
    ],
    [
      'serves pages',
      () => overTls((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nIt works!')),
      NOT_PROVEN(
        'answers GET /_ping with 200 and OK',
        'accepted but not served (HTTP 200, without the body OK)',
      ),
    ],
  ])(
    'fails on what %s, and says what was seen and what to do',
    async (_what, open, says) => {
      const { code, stdout, stderr } = await secureBehind(open);
      expect({ code, stdout, stderr }).toEqual({ code: 3, stdout: expect.stringMatching(says), stderr: '' });
    },
    60_000,
  );
});

function NOT_PROVEN(advice: string, seen: string): RegExp {
  const words = `! NOT secured: 127.0.0.1:PORT (…${advice}…)\n    NO  alice, with the pair issued to them: ${seen}`;
  const pattern = words
    .replaceAll(/[.()]/gu, String.raw`\$&`)
    .replaceAll('…', '[^\n]*')
    .replace('PORT', String.raw`\d+`);
  return new RegExp(pattern, 'u');
}

async function secureBehind(open: () => net.Server): Promise<Finished> {
  const door = open();
  onCleanup(() => void door.close());
  return secureAt(await portOf(door));
}
