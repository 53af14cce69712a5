import { expect, test } from '@jest/globals';
import { isHostNetwork, readInterfaces } from './host-network.ts';

const LO = { name: 'lo', index: 1, link: 1 };

test.each([
  ['a container on a bridge', [LO, { name: 'eth0', index: 2, link: 7 }], false],
  ['on two bridges', [LO, { name: 'eth0', index: 2, link: 7 }, { name: 'eth1', index: 3, link: 9 }], false],
  ['on no network', [LO], false],
  ['with tunnels that lead nowhere', [LO, { name: 'tunl0', index: 2, link: 0 }], false],
  ['on a macvlan', [LO, { name: 'eth0', index: 12, link: 2 }], false],
  ["on a machine's network card", [LO, { name: 'ens3', index: 2, link: 2 }], true],
  [
    'in a host that is itself a container, by its bridge',
    [LO, { name: 'eth0', index: 2, link: 7 }, { name: 'docker0', index: 3, link: 3 }],
    true,
  ],
])('%s', (_, interfaces, expected) => {
  expect(isHostNetwork(interfaces)).toBe(expected);
});

test('reads what there is here', () => {
  const loopback = readInterfaces().filter(({ name }) => name === 'lo');
  expect(loopback).toEqual(process.platform === 'linux' ? [LO] : []);
});
