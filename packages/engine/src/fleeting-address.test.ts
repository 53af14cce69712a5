import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '../../../test/support/temp.ts';
import { facesIn, fleetingWarnings, whyFleeting } from './fleeting-address.ts';

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

const SHOWN = JSON.stringify([
  { ifname: 'docker0', flags: ['NO-CARRIER', 'UP'], addr_info: [{ family: 'inet', local: '172.17.0.1' }] },
  { ifname: 'eth0', addr_info: [{ family: 'inet', local: '10.0.0.5', dynamic: true }] },
  { ifname: 'eth1', addr_info: [{ family: 'inet', local: '10.0.1.5' }] },
  { ifname: 'eth2' },
]);

const showsThem = async (): Promise<{ code: number; stdout: string; stderr: string }> => ({
  code: 0,
  stdout: SHOWN,
  stderr: '',
});

test.each([
  ['tcp://172.17.0.1:2376', ['172.17.0.1 belongs to docker0']],
  ['tcp://10.0.0.5:2376', ['10.0.0.5 is lent to eth0 by DHCP']],
  ['tcp://10.0.1.5:2376', []],
  ['tcp://0.0.0.0:2376', []],
  ['unix:///run/docker.sock', []],
])('what is warned of at %s', async (host, says) => {
  const found = await fleetingWarnings([host], showsThem);
  expect(found).toEqual(says.map((each) => expect.stringContaining(each)));
});

test('interfaces are those of Node where iproute2 tells none', () => {
  expect(facesIn('no JSON')).toBeUndefined();
  expect(facesIn('{}')).toBeUndefined();
});
