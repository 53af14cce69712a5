import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from '@jest/globals';
import type { Entry } from '@docker-mtls/ca-directory';
import { args, fakeIo } from '../../../testing/fake-io.ts';
import { makeTestCa } from '../../../testing/make-ca.ts';
import type { DaemonOutcome } from '@docker-mtls/engine';
import { engineOf } from '../../engine/engine-order.ts';
import { nextCommands, nextText } from './next-commands.ts';

let alice: Entry;
let folder: string;

beforeAll(async () => {
  const ca = await makeTestCa(['issue-client', 'alice']);
  alice = await ca.current('client', 'alice');
  folder = alice.directory ?? '';
});

type Case = {
  readonly server?: string;
  readonly listen?: readonly string[];
  readonly config?: string;
  readonly clients?: readonly Entry[];
  readonly proven?: boolean;
  readonly elsewhere?: boolean;
};

function linesFor({ server = 'node1', listen = [], config = '/etc/docker/daemon.json', ...rest }: Case) {
  const restart = config === '/etc/docker/daemon.json' ? 'systemctl restart docker' : undefined;
  const { clients = [alice], proven = false, elsewhere = false } = rest;
  const subject = {
    listens: listen.length === 0 ? ['0.0.0.0:2376'] : listen,
    server: { name: server } as Entry,
    daemon: {
      engine: { ...engineOf(args({ config }), fakeIo()), restart },
    } as DaemonOutcome,
    clients,
    proven,
    elsewhere,
  } as unknown as Parameters<typeof nextCommands>[0];
  return nextText(nextCommands(subject)).split('\n');
}

/** The words that a shell makes of a line. */
function shellWords(line: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
}

test('restart, try, and remember it', () => {
  expect(linesFor({})).toEqual([
    'next:',
    '  systemctl restart docker',
    `  docker --host tcp://node1:2376 --tlsverify --tlscacert ${folder}/ca.pem --tlscert ${folder}/cert.pem --tlskey ${folder}/key.pem version`,
    `  docker context create node1 --docker host=tcp://node1:2376,ca=${folder}/ca.pem,cert=${folder}/cert.pem,key=${folder}/key.pem`,
    '',
  ]);
});

test('what is proven needs no restart', () => {
  expect(linesFor({ proven: true })[1]).toContain('docker --host');
});

test("an engine with a file of its own is its owner's to restart", () => {
  expect(linesFor({ config: '/srv/e/daemon.json' })[1]).toBe(
    '  restart the engine that reads /srv/e/daemon.json',
  );
});

test('what is for another machine has to get there first', () => {
  expect(linesFor({ config: '/home/ada/daemon.json', elsewhere: true })[1]).toBe(
    "  bring /home/ada/daemon.json and the server's files to the engine's host, and restart the engine there",
  );
});

test('nobody whose key is here can try', () => {
  expect(linesFor({ clients: [] })).toEqual(['']);
  expect(linesFor({ clients: [{ ...alice, directory: '/gone' }] })).toEqual(['']);
});

test.each([
  { server: 'node1', listen: ['10.0.0.5:12376'], host: 'tcp://node1:12376', context: 'node1' },
  { server: '2001:db8::5', listen: [], host: 'tcp://[2001:db8::5]:2376', context: '2001-db8--5' },
  { server: '::1', listen: [], host: 'tcp://[::1]:2376', context: '1-' },
  { server: '*.example.com', listen: [], host: 'tcp://127.0.0.1:2376', context: 'example.com' },
  { server: '*.example.com', listen: ['[::1]:1'], host: 'tcp://[::1]:1', context: 'example.com' },
])('$server on $listen is $host', ({ server, listen, host, context }) => {
  const [, , tryIt = '', remember = ''] = linesFor({ server, listen });
  expect(shellWords(tryIt).slice(0, 3)).toEqual(['docker', '--host', host]);
  // zsh takes brackets for a pattern, and runs nothing when no file is called so.
  expect(tryIt).not.toContain(' tcp://[');
  expect(shellWords(remember)[3]).toBe(context);
  expect(shellWords(remember)[5]).toContain(`host=${host},`);
});

test('a folder with spaces, quotes and commas comes out whole', async () => {
  const ca = await makeTestCa(['issue-client', 'alice', '--ca-dir', 'ca']);
  const { directory = '' } = await ca.current('client', 'alice');
  const odd = `${directory}/../it's, "odd"`;
  execFileSync('cp', ['-r', directory, odd]);
  const [, , tryIt = '', remember = ''] = linesFor({ clients: [{ ...alice, directory: odd }] });
  expect(shellWords(tryIt)).toContain(`${ca.folder}/ca/clients/it's, "odd"/key.pem`);
  expect(shellWords(remember)[5]).toContain(`,"ca=${ca.folder}/ca/clients/it's, ""odd""/ca.pem",`);
});
