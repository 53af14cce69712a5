import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@docker-mtls/errors';
import { HostError } from './host-error.ts';

// A socket without a file: the name is taken by binding it, and the kernel frees it when the process ends, however it
// ends. It needs no file that outlives us, and no program.
const NAME = '\0docker-mtls/host';
const PATIENCE_MS = 180_000;
const PAUSE_MS = 200;

/** Does a piece of work while nobody else changes this machine's engine. Throws `HOST_BUSY` after three minutes. */
export async function withHostLock<T>(
  work: () => Promise<T>,
  { onWait, patienceMs = PATIENCE_MS }: { onWait: () => void; patienceMs?: number },
): Promise<T> {
  const lock = await take(onWait, patienceMs);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function take(onWait: () => void, patienceMs: number): Promise<net.Server> {
  const end = Date.now() + patienceMs;
  for (let tries = 0; ; tries += 1) {
    const lock = await bind();
    if (lock !== undefined) return lock;
    if (Date.now() > end) throw busy(patienceMs);
    if (tries === 0) onWait();
    await sleep(PAUSE_MS);
  }
}

function bind(): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', (error) => (hasCode(error, 'EADDRINUSE') ? resolve(undefined) : reject(error)));
    server.listen({ path: NAME }, () => resolve(server.unref()));
  });
}

function busy(patienceMs: number): HostError {
  const message = `another docker-mtls has been changing this engine for ${patienceMs / 1000} s`;
  return new HostError('HOST_BUSY', message, { hint: 'wait until it is done, then run the command again' });
}
