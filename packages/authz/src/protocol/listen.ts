import fs from 'node:fs';
import net from 'node:net';
import type http from 'node:http';
import path from 'node:path';
import { hasCode, shellWord } from '@docker-mtls/errors';
import { makePrivateDirectory, requireSafeFolders } from '@docker-mtls/files';
import { AuthzError } from '../error.ts';

/** Where the engine calls: a path, or the socket that systemd has opened and passed on (sd_listen_fds(3)). */
export type ListenAt = { readonly path: string } | { readonly descriptor: number };

const OTHERS = 0o077;
const FIRST_PASSED = 3;

/** The socket that systemd passed to this process, if it did. */
export function passedSocket(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): ListenAt | undefined {
  if (env['LISTEN_PID'] !== String(pid)) return undefined;
  if (env['LISTEN_FDS'] === '1') return { descriptor: FIRST_PASSED };
  throw refused(
    `systemd passed ${env['LISTEN_FDS'] ?? 'no'} sockets`,
    'have one ListenStream= in the socket unit',
  );
}

/** Opens the socket with mode 0600, in a folder of mode 0700: who reaches it could answer for any client. */
export async function listen(server: http.Server, at: ListenAt): Promise<void> {
  if ('descriptor' in at) return ready(server, () => server.listen({ fd: at.descriptor }));
  await prepare(at.path);
  const before = process.umask(0o177);
  try {
    await ready(server, () => server.listen({ path: at.path }));
  } finally {
    process.umask(before);
  }
}

async function prepare(socket: string): Promise<void> {
  const folder = path.dirname(socket);
  if (!fs.existsSync(folder)) makePrivateDirectory(folder);
  requireSafeFolders(folder, "the plugin's socket");
  const { mode } = fs.statSync(folder);
  if ((mode & OTHERS) !== 0)
    throw refused(`other users can enter ${folder}`, `run chmod 0700 ${shellWord(folder)}`);
  const found = fs.lstatSync(socket, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw refused(`${socket} exists, and is not a socket`, 'choose another path');
  if (await answers(socket)) throw refused(`another process serves ${socket}`, 'stop it first');
  fs.unlinkSync(socket);
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect(socket);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function ready(server: http.Server, open: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error) =>
      reject(hasCode(error, 'EACCES') ? refused('the socket cannot be opened', 'run it as root') : error),
    );
    open();
  });
}

function refused(message: string, hint: string): AuthzError {
  return new AuthzError('AUTHZ_SOCKET_REFUSED', message, { hint });
}
