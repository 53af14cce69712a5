import net from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { askEngine, doorsText, isUp } from './engine-api.ts';
import type { Door } from './engine-api.ts';

const open: net.Server[] = [];
afterEach(() => open.splice(0).forEach((door) => door.close()));

let asked: string[] = [];

/** A local socket that says something to every client, word for word, and what it is to say after a while. */
async function stand(name: string, text: string, again = ''): Promise<Door> {
  const socketPath = path.join(temporaryFolder(), 's');
  const door = net.createServer((socket) => {
    asked.push(name);
    socket.on('error', () => undefined).write(text);
    if (again === '') return void socket.end();
    const more = setInterval(() => socket.write(again), 200);
    socket.once('close', () => clearInterval(more)).resume();
  });
  open.push(door);
  await new Promise<void>((resolve) => void door.listen(socketPath, resolve));
  return { socketPath };
}

const answer = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n${body}`;
const NOWHERE: Door = { socketPath: '/nowhere/docker.sock' };

test('the first that answers has the word, whatever it says', async () => {
  const first = await stand('first', answer('403 Forbidden', '{"message":"no"}'));
  const second = await stand('second', answer('200 OK', '{"of":"another"}'));
  asked = [];
  expect(await askEngine([NOWHERE, first, second], '/info')).toBeUndefined();
  expect(await isUp([NOWHERE, first, second])).toBe(true);
  expect(asked).toEqual(['first', 'first']);
  expect(await askEngine([NOWHERE, second], '/info')).toEqual({ of: 'another' });
  expect(doorsText([NOWHERE, { host: 'localhost', port: 2376 }])).toBe(
    '/nowhere/docker.sock or localhost:2376',
  );
});

test('one that never comes to an end is given up', async () => {
  const slow = await stand('slow', 'HTTP/1.1 200 OK\r\n\r\n[1', ',1');
  const endless = await stand('endless', 'HTTP/1.1 200 OK\r\n\r\n', ' '.repeat(4_000_000));
  expect(
    await Promise.all([askEngine([slow], '/info'), askEngine([endless], '/info'), isUp([slow])]),
  ).toEqual([undefined, undefined, false]);
}, 60_000);
