import { expect, test } from '@jest/globals';
import { hostPathOf, isConfigFolder } from './host-path.ts';
import type { Mount } from '@docker-mtls/engine';

const mount = (root: string, device = '8:1'): Mount => ({
  device,
  root,
  mountPoint: '/anywhere',
  isReadOnly: false,
});

type Case = {
  readonly name: string;
  readonly certs: Mount;
  readonly config?: Mount;
  readonly hosts?: Mount;
};

const ETC = mount('/etc/docker');
const HOSTS = (top: string, device?: string): Mount =>
  mount(`${top}/var/lib/docker/containers/1a2b/hosts`, device);

const KNOWN: readonly (Case & { readonly path: string })[] = [
  { name: 'one file system for all, at /', certs: mount('/diamol-certs'), path: '/diamol-certs' },
  { name: 'a folder below others', certs: mount('/srv/a b/certs'), path: '/srv/a b/certs' },
  {
    name: 'the engine keeps its own files elsewhere',
    certs: mount('/diamol-certs'),
    hosts: mount('/containers/1a2b/hosts', '8:2'),
    path: '/diamol-certs',
  },
  {
    name: "a named volume in the engine's folder",
    certs: mount('/var/lib/docker/volumes/certs/_data'),
    path: '/var/lib/docker/volumes/certs/_data',
  },
  {
    name: 'a btrfs subvolume at /',
    certs: mount('/@/diamol-certs', '0:30'),
    config: mount('/@/etc/docker', '0:30'),
    hosts: HOSTS('/@', '0:30'),
    path: '/diamol-certs',
  },
  {
    name: 'a host that is itself a container, in a folder of its own host',
    certs: mount('/var/lib/lxc/n1/rootfs/diamol-certs'),
    config: mount('/var/lib/lxc/n1/rootfs/etc/docker'),
    hosts: HOSTS('/var/lib/lxc/n1/rootfs'),
    path: '/diamol-certs',
  },
];

test.each(KNOWN)('known: $name', ({ certs, config = ETC, hosts = HOSTS(''), path }) => {
  expect(hostPathOf({ certs, config, hosts })).toEqual({ path });
});

const UNKNOWN: readonly (Case & { readonly says: string })[] = [
  { name: 'another partition', certs: mount('/certs', '8:2'), says: 'another file system' },
  {
    name: 'a partition for /etc',
    certs: mount('/diamol-certs'),
    config: mount('/docker', '8:2'),
    says: '"/docker", not /etc/docker',
  },
  {
    name: "a user's own engine",
    certs: mount('/home/ada/certs'),
    config: mount('/home/ada/.config/docker'),
    says: '.config/docker',
  },
  {
    name: 'a folder that only ends alike',
    certs: mount('/certs'),
    config: mount('/xetc/docker'),
    says: '"/xetc/docker"',
  },
  {
    name: 'an etc/docker somewhere on the host',
    certs: mount('/srv/two/certs'),
    config: mount('/srv/two/etc/docker'),
    hosts: HOSTS(''),
    says: '"/srv/two" need not be the root',
  },
  {
    name: "the same, with the engine's files beside it but elsewhere in it",
    certs: mount('/srv/two/certs'),
    config: mount('/srv/two/etc/docker'),
    hosts: mount('/srv/two/data/containers/1a2b/hosts'),
    says: 'need not be the root',
  },
  {
    name: 'a subvolume for /, and another for the certificates',
    certs: mount('/@home/certs', '0:30'),
    config: mount('/@/etc/docker', '0:30'),
    hosts: HOSTS('/@', '0:30'),
    says: '"/@home/certs" is outside of "/@"',
  },
  {
    name: 'a subvolume whose name begins alike',
    certs: mount('/@2/certs', '0:30'),
    config: mount('/@/etc/docker', '0:30'),
    hosts: HOSTS('/@', '0:30'),
    says: 'outside',
  },
  {
    name: 'a subvolume for /, and another for /var',
    certs: mount('/@/diamol-certs', '0:30'),
    config: mount('/@/etc/docker', '0:30'),
    hosts: HOSTS('/@var', '0:30'),
    says: 'need not be the root',
  },
  {
    name: "a part of a file system where the engine's files cannot be seen",
    certs: mount('/@/diamol-certs', '0:30'),
    config: mount('/@/etc/docker', '0:30'),
    hosts: mount('/nothing', '8:9'),
    says: 'need not be the root',
  },
  { name: 'the whole host', certs: mount('/'), says: 'the whole file system' },
  { name: 'a removed folder', certs: mount('/diamol-certs//deleted'), says: 'removed' },
  { name: 'a folder that cannot be reached', certs: mount('/../x'), says: 'no path' },
  { name: 'a name in another encoding', certs: mount('/zert\ufffd'), says: 'not UTF-8' },
  { name: 'no folder at all', certs: mount('net:[4026531840]'), says: 'outside' },
];

test.each(UNKNOWN)('not known: $name', ({ certs, config = ETC, hosts = HOSTS(''), says }) => {
  expect(hostPathOf({ certs, config, hosts })).toEqual({ unknown: expect.stringContaining(says) });
});

test('without /etc/hosts, a part of a file system is not known to be the root', () => {
  const folders = { certs: mount('/@/a'), config: mount('/@/etc/docker'), hosts: undefined };
  expect(hostPathOf(folders)).toHaveProperty('unknown');
});

test.each([
  ['/etc/docker', HOSTS('/elsewhere'), true],
  ['/@/etc/docker', HOSTS('/@'), true],
  ['/srv/two/etc/docker', HOSTS(''), false],
  ['/home/ada/.config/docker', HOSTS(''), false],
])("%s is the engine's folder", (root, hosts, expected) => {
  expect(isConfigFolder({ config: mount(root), hosts })).toBe(expected);
});
