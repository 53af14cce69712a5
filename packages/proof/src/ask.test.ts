import { once } from 'node:events';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Answer, Target } from './answer.ts';
import { askInTheClear, askOverTls } from './ask.ts';
import { reach } from './reach.ts';

type Door = (socket: net.Socket) => void;
type Ask = (socket: net.Socket, target: Target) => Promise<Answer>;

const HANG_UPS: Readonly<Record<string, Door>> = {
  closed: (socket) => void socket.destroy(),
  reset: (socket) => void socket.resetAndDestroy(),
};
const ASKS: Readonly<Record<string, Ask>> = {
  'over TLS': (socket, target) => askOverTls(socket, target, undefined),
  'in the clear': askInTheClear,
};

const doors: net.Server[] = [];
afterEach(() => doors.splice(0).forEach((door) => door.close()));

async function open(behave: Door): Promise<Target> {
  const door = net.createServer(behave);
  doors.push(door);
  await once(door.listen(0, '127.0.0.1'), 'listening');
  return { host: '127.0.0.1', port: (door.address() as AddressInfo).port, name: 'localhost', roots: '' };
}

// Between the connection and the first word, a part of Node is loaded: long enough for an engine to hang up.
async function askLate(target: Target, ask: Ask): Promise<Answer> {
  const reached = await reach(target);
  if ('answer' in reached) return reached.answer;
  await pause(20);
  return ask(reached.socket, target);
}

describe.each(Object.entries(HANG_UPS))('a connection that is %s at once', (_end, hangUp) => {
  test.each(Object.entries(ASKS))('was refused to who asks %s', async (_way, ask) => {
    expect(await askLate(await open(hangUp), ask)).toEqual({ kind: 'refused', detail: 'connection closed' });
  });
});

/** What a door does for whoever speaks to it, and never ends. */
const SILENT: Readonly<Record<string, Door>> = {
  'says nothing': (socket) => void socket.resume(),
  'says a word now and then': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const words = setInterval(() => socket.write('X'), 500);
    socket.once('close', () => clearInterval(words)).resume();
  },
  'speaks another protocol from now on': (socket) =>
    void socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'),
    ),
};

describe('a door that never answers', () => {
  test('is given up', async () => {
    const targets = await Promise.all(Object.values(SILENT).map(open));
    const asked = targets.map((target) => askLate(target, askInTheClear));
    const [first] = targets;
    if (first !== undefined) asked.push(askLate(first, ASKS['over TLS'] ?? askInTheClear));
    const answers = await Promise.all(asked);
    expect(answers).toEqual(answers.map(() => ({ kind: 'silent', detail: 'no answer within 5 s' })));
  });
});
