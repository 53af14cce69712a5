import fs from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { once } from 'node:events';
import { onCleanup } from './cleanup.ts';

/** What an engine shows and trusts: PEM texts. */
export type EngineFiles = { readonly ca: string; readonly certificate: string; readonly key: string };

/** A stand-in for an engine's port, which a test can ask what arrived there. */
export type RecordingEngine = {
  readonly port: number;
  /** The first bytes of each connection that did not begin as TLS does. */
  readonly plain: readonly string[];
  /** How many connections began as TLS does. */
  readonly tls: () => number;
};

const TLS_HANDSHAKE = 0x16;
const VERSION = { Version: '0.0.1-stand-in', ApiVersion: '1.41', MinAPIVersion: '1.12' };

/**
 * Listens where an engine would: answers `docker version` over mutual TLS, and records what speaks anything else. A
 * real engine would not tell which first bytes arrived.
 */
export async function recordingEngine(
  files: EngineFiles,
  { status = 200 }: { readonly status?: number } = {},
): Promise<RecordingEngine> {
  const plain: string[] = [];
  let tls = 0;
  const engine = https.createServer(
    { ca: files.ca, cert: files.certificate, key: files.key, requestCert: true, rejectUnauthorized: true },
    ({ url = '' }, response) => {
      response.statusCode = status;
      response.setHeader('Api-Version', VERSION.ApiVersion);
      response.setHeader('Content-Type', 'application/json');
      response.end(url.endsWith('/_ping') ? 'OK' : JSON.stringify(VERSION));
    },
  );
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      socket.pause();
      if (first[0] === TLS_HANDSHAKE) {
        tls += 1;
        socket.unshift(first);
        engine.emit('connection', socket);
      } else {
        plain.push(first.toString('latin1'));
        socket.destroy();
      }
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  onCleanup(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the listener has no port');
  return { port: address.port, plain, tls: () => tls };
}

/** The files of a published server's pair. */
export function engineFiles(folder: string): EngineFiles {
  const read = (name: string): string => fs.readFileSync(`${folder}/${name}.pem`, 'utf8');
  return { ca: read('ca'), certificate: read('server-cert'), key: read('server-key') };
}
