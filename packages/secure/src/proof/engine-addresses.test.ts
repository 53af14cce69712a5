import { expect, test } from '@jest/globals';
import type { Entry } from '@docker-mtls/ca-directory';
import { engineAddresses } from './engine-addresses.ts';

const here = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port });

test.each([
  {
    why: 'all of IPv4',
    listen: ['0.0.0.0:12376'],
    expected: [{ host: 'node1', port: 12376 }, here(12376)],
  },
  { why: 'all of IPv6', listen: ['[::]:2376'], expected: [{ host: 'node1', port: 2376 }, here(2376)] },
  { why: 'one address', listen: ['10.0.0.5:2376'], expected: [{ host: '10.0.0.5', port: 2376 }] },
  { why: 'one of IPv6', listen: ['[2001:db8::5]:1'], expected: [{ host: '2001:db8::5', port: 1 }] },
  {
    why: 'several, in their order',
    listen: ['10.0.0.5:2376', '[::1]:2377'],
    expected: [
      { host: '10.0.0.5', port: 2376 },
      { host: '::1', port: 2377 },
    ],
  },
])('$why', ({ listen, expected }) => {
  expect(engineAddresses(listen, { name: 'node1' } as Entry)).toEqual(expected);
});

test('an engine on another machine is not looked for on this one', () => {
  const server = { name: 'node1' } as Entry;
  expect(engineAddresses(['0.0.0.0:2376', '127.0.0.1:1'], server, { elsewhere: true })).toEqual([
    { host: 'node1', port: 2376 },
    here(1),
  ]);
});

test('a wildcard is no address', () => {
  expect(engineAddresses(['0.0.0.0:2376'], { name: '*.example.com' } as Entry)).toEqual([here(2376)]);
});
