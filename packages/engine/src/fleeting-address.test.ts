import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { dynamicAddresses, whyFleeting } from './fleeting-address.ts';

test.each(['docker0', 'docker_gwbridge', 'br-0123456789ab', 'wg0', 'tun1', 'tailscale0'])(
  'an address of %s may be missing at boot',
  (name) => {
    expect(whyFleeting(name, temporaryFolder())).toContain(name);
  },
);

test.each(['eth0', 'enp3s0', 'br0', 'bond0', 'vlan10'])('an address of %s is there at boot', (name) => {
  expect(whyFleeting(name, temporaryFolder())).toBeUndefined();
});

test.each([
  ['tun_flags', '0x1002\n'],
  ['uevent', 'DEVTYPE=wireguard\nINTERFACE=office\n'],
])('a tunnel of any name is known by its %s', (file, content) => {
  const sys = temporaryFolder();
  fs.mkdirSync(path.join(sys, 'office'));
  fs.writeFileSync(path.join(sys, 'office', file), content);
  expect(whyFleeting('office', sys)).toBe('belongs to the tunnel office');
});

test('an address that DHCP lends is told from one that stays', () => {
  const shown = [
    { ifname: 'eth0', addr_info: [{ family: 'inet', local: '10.0.0.5', dynamic: true }] },
    { ifname: 'eth1', addr_info: [{ family: 'inet', local: '10.0.1.5' }] },
    { ifname: 'eth2' },
  ];
  expect(dynamicAddresses(JSON.stringify(shown))).toEqual(['10.0.0.5']);
  expect(dynamicAddresses('no JSON')).toEqual([]);
});
