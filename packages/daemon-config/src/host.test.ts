import { describe, expect, test } from '@jest/globals';
import { formatTcpHost, isLoopback, overlap, parseListenHost, parseListen } from './host.ts';

const LOCAL = { kind: 'local' };

function tcp(host: string, port: number): unknown {
  return { kind: 'tcp', address: { host, port } };
}

describe('parseEngineHost', () => {
  test.each([
    { text: 'fd://', host: LOCAL },
    { text: 'fd://docker.socket', host: LOCAL },
    { text: 'unix:///var/run/docker.sock', host: LOCAL },
    { text: 'unix://', host: LOCAL },
    { text: 'npipe:////./pipe/docker_engine', host: LOCAL },
    { text: '', host: tcp('localhost', 2376) },
    { text: 'tcp://', host: tcp('localhost', 2375) },
    { text: 'tcp://127.0.0.1', host: tcp('127.0.0.1', 2375) },
    { text: '10.0.0.5', host: tcp('10.0.0.5', 2375) },
    { text: 'tcp://:2375', host: tcp('localhost', 2375) },
    { text: 'tcp://0.0.0.0', host: tcp('0.0.0.0', 2375) },
    { text: ' tcp://0.0.0.0:2376 ', host: tcp('0.0.0.0', 2376) },
    { text: '10.0.0.5:2376', host: tcp('10.0.0.5', 2376) },
    { text: 'tcp://Node1.Example.com:2376', host: tcp('node1.example.com', 2376) },
    { text: 'tcp://[::1]:2376', host: tcp('::1', 2376) },
    { text: 'tcp://[2001:DB8:0:0::1]:2376', host: tcp('2001:db8::1', 2376) },
    { text: 'http://10.0.0.5:2376', host: undefined },
    { text: 'TCP://10.0.0.5:2376', host: undefined },
    { text: 'tcp://::1:2376', host: undefined },
    { text: 'tcp://300.0.0.1:2376', host: undefined },
    { text: 'tcp://0.0.0.0:2376/x', host: undefined },
    { text: 'tcp://0.0.0.0:99999', host: undefined },
    { text: 'tcp://0.0.0.0:', host: tcp('0.0.0.0', 2375) },
    { text: 'tcp://[::1]:', host: tcp('::1', 2375) },
    { text: 'tcp://0.0.0.0:0', host: undefined },
    { text: '/var/run/docker.sock', host: undefined },
  ])('$text', ({ text, host }) => {
    expect(parseListenHost(text)).toEqual(host);
  });
});

describe('parseListen', () => {
  test.each([
    '0.0.0.0:2376',
    '10.0.0.5:2376',
    'localhost:1',
    'node1.example.com:65535',
    '[::]:2376',
    '[fe80::1]:2376',
  ])('accepts %s, and writes it as the engine has it', (text) => {
    expect(formatTcpHost(parseListen(text))).toBe(`tcp://${text}`);
  });

  test.each([
    '',
    '2376',
    ':2376',
    '0.0.0.0',
    '0.0.0.0:',
    '0.0.0.0:0',
    '0.0.0.0:65536',
    '::1:2376',
    '[::1]',
    '[10.0.0.5]:2376',
    '1.2.3:2376',
    'tcp://0.0.0.0:2376',
    'unix:///x',
    'a b:2376',
    'a:2376\n',
    'a:2376 ',
    '-:2376x',
    'a:0x10',
    'fe80::1%eth0:2376',
  ])('refuses %j', (text) => {
    expect(() => parseListen(text)).toThrow(
      expect.objectContaining({
        code: 'DAEMON_CONFIG_LISTEN_INVALID',
        hint: expect.stringContaining('HOST:PORT'),
      }),
    );
  });
});

describe('overlap', () => {
  test.each([
    { a: '0.0.0.0:2376', b: '10.0.0.5:2376', overlaps: true },
    { a: '[::]:2376', b: '0.0.0.0:2376', overlaps: true },
    { a: '[::]:2376', b: '[::1]:2376', overlaps: true },
    { a: '0.0.0.0:2376', b: '[::1]:2376', overlaps: true },
    { a: '127.0.0.1:2376', b: '[::1]:2376', overlaps: false },
    { a: '0.0.0.0:2376', b: 'localhost:2376', overlaps: true },
    { a: '10.0.0.5:2376', b: '10.0.0.6:2376', overlaps: false },
    { a: '0.0.0.0:2376', b: '0.0.0.0:2377', overlaps: false },
  ])('$a and $b: $overlaps', ({ a, b, overlaps }) => {
    expect(overlap(parseListen(a), parseListen(b))).toBe(overlaps);
    expect(overlap(parseListen(b), parseListen(a))).toBe(overlaps);
  });
});

test.each([
  { host: 'localhost', loopback: true },
  { host: '127.1.2.3', loopback: true },
  { host: '::1', loopback: true },
  { host: '127.evil.example', loopback: false },
  { host: '0.0.0.0', loopback: false },
])('isLoopback $host: $loopback', ({ host, loopback }) => {
  expect(isLoopback(host)).toBe(loopback);
});
