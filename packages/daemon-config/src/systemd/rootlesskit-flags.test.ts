import { describe, expect, test } from '@jest/globals';
import { parseListens } from '../listens.ts';
import { innerListens, mergePublications, publications } from './rootlesskit-flags.ts';

type Case = {
  readonly name: string;
  readonly flags?: string;
  readonly earlier?: string;
  readonly listens?: readonly string[];
  readonly ports?: readonly number[];
  readonly result: string;
};

const WANTED = '-p 0.0.0.0:2376:2376/tcp';

describe('what rootlesskit publishes', () => {
  test.each<Case>([
    { name: 'what is wanted', result: WANTED },
    {
      name: 'an IPv6 address in brackets',
      listens: ['[::1]:2376', '10.0.0.5:2377'],
      result: '-p [::1]:2376:2376/tcp -p 10.0.0.5:2377:2377/tcp',
    },
    {
      name: 'other flags and ports, as they are written',
      flags: '--debug  -p 127.0.0.1:8080:80/tcp --publish=0.0.0.0:53:53/udp --publish 5000:5000/tcp',
      result: `--debug -p 127.0.0.1:8080:80/tcp --publish=0.0.0.0:53:53/udp --publish 5000:5000/tcp ${WANTED}`,
    },
    { name: 'once, what is there already', flags: `--debug ${WANTED}`, result: `--debug ${WANTED}` },
    {
      name: 'not what would take the same port',
      flags: '-p 127.0.0.1:2376:2376/tcp -p [::]:2376:2376/tcp6 --debug',
      result: `--debug ${WANTED}`,
    },
    {
      name: 'not the same port of this machine with another one behind it',
      flags: '-p 0.0.0.0:2376:2375/tcp',
      result: WANTED,
    },
    {
      name: 'the same port of another protocol too',
      flags: '-p 0.0.0.0:2376:2376/udp',
      result: `-p 0.0.0.0:2376:2376/udp ${WANTED}`,
    },
    {
      name: 'what we published earlier, while the engine listens behind it',
      earlier: '-p 10.0.0.5:2377:2377/tcp -p 10.0.0.5:2378:2378/tcp',
      ports: [2376, 2377],
      result: `-p 10.0.0.5:2377:2377/tcp ${WANTED}`,
    },
    {
      name: 'not what we published earlier on the same port',
      earlier: WANTED,
      listens: ['10.0.0.5:2376'],
      result: '-p 10.0.0.5:2376:2376/tcp',
    },
    {
      name: 'after an undo: what is left, and nothing new',
      earlier: `${WANTED} -p 0.0.0.0:2377:2377/tcp`,
      listens: [],
      result: WANTED,
    },
    { name: 'a flag that lacks its value, which stays', flags: '-p', result: `-p ${WANTED}` },
  ])('$name', ({ flags = '', earlier = '', listens = ['0.0.0.0:2376'], ports = [2376], result }) => {
    const addresses = listens.length === 0 ? [] : parseListens(listens);
    const merged = mergePublications(flags, { earlier, listens: addresses, ports: new Set(ports) });
    expect(merged).toBe(result);
  });
});

test('reads every way to publish a TCP port', () => {
  const flags =
    '-p 80:8080/tcp -p=127.0.0.1:1:2/tcp4 --publish [::]:3:4/tcp6 --publish=x:5:6/tcp -p 1:2/sctp';
  expect(publications(flags)).toEqual([
    { address: { host: '0.0.0.0', port: 80 }, inner: 8080 },
    { address: { host: '127.0.0.1', port: 1 }, inner: 2 },
    { address: { host: '::', port: 3 }, inner: 4 },
  ]);
});

describe('what the engine listens on behind it', () => {
  test('is any address of its own network, each port once', () => {
    const listens = parseListens(['127.0.0.1:2376', '10.0.0.5:2376', '[::1]:2377']);
    expect(innerListens(listens)).toEqual(['0.0.0.0:2376', '0.0.0.0:2377']);
  });

  test('cannot be a name', () => {
    expect(() => innerListens(parseListens(['localhost:2376']))).toThrow(
      expect.objectContaining({ code: 'DAEMON_CONFIG_LISTEN_INVALID' }),
    );
  });
});
