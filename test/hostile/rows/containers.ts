import fs from 'node:fs';
import path from 'node:path';
import { makeAuthority } from '../../support/test-ca.ts';
import type { Row } from '../row.ts';
import { all, copy, file, folder, link, mode, pipe } from './files.ts';

const SERVER = ['container', 'server'];
const CLIENT = ['container', 'client'];

const FOLDERS = all(folder('c'), folder('etc/docker'));
const CERTS = 'mount --bind "$work/c" /certs; ';
const DOCKER = 'mount --bind "$work/etc/docker" /docker; ';
const BOTH = CERTS + DOCKER;
const READ_ONLY = 'mount -o remount,bind,ro ';
const NAMED = { HOST_CERTS_DIR: '/diamol-certs' };

/** A CA that the client's container would use. */
const WITH_CA = (work: string): void =>
  fs.cpSync(path.join(work, 'ca'), path.join(work, 'c/ca'), { recursive: true, verbatimSymlinks: true });

const owned =
  (name: string, owner: number) =>
  (work: string): void =>
    fs.chownSync(path.join(work, name), owner, owner);

/** The server's container, with both folders and a name for them, and one thing wrong. */
const server = (name: string, wrong: Partial<Row> & Pick<Row, 'code' | 'says'>): Row => ({
  name: `container server: ${name}`,
  argv: SERVER,
  mounts: BOTH,
  ...wrong,
  env: { ...NAMED, ...wrong.env },
  setup: all(FOLDERS, wrong.setup ?? (() => undefined)),
});

const client = (name: string, wrong: Partial<Row> & Pick<Row, 'code' | 'says'>): Row => ({
  name: `container client: ${name}`,
  argv: CLIENT,
  mounts: CERTS,
  ...wrong,
  setup: all(FOLDERS, wrong.setup ?? (() => undefined)),
});

const HOST_DIRS: readonly (readonly [name: string, value: string])[] = [
  ['relative', 'diamol-certs'],
  ['with a way up', '/srv/../etc'],
  ['the whole host', '/'],
  ['of Windows', String.raw`C:\diamol-certs`],
  ['with a line break', '/diamol-certs\n/x'],
];

const SANS: readonly (readonly [name: string, value: string, hint: string])[] = [
  ['a URL', 'tcp://node1.example.com', 'give the host alone'],
  ['a port', 'node1.example.com:2376', 'without a port'],
  ['a wildcard', '*.example.com', '--allow-wildcard --force'],
  ['a good name and a network', 'node1.example.com,10.0.0.0/8', ''],
  ['a name of 300 characters', 'a'.repeat(300), ''],
  ['letters that turn others around', 'node\u202e1', ''],
];

/** They need root, for mounts: see `container.test.ts`. */
export const CONTAINER_ROWS: readonly Row[] = [
  server('nothing is mounted', {
    mounts: '',
    code: 'CONTAINER_NOT_MOUNTED',
    says: 'at /certs',
    hints: '-v /diamol-certs:/certs',
  }),
  server('no configuration is mounted', {
    mounts: CERTS,
    code: 'CONTAINER_NOT_MOUNTED',
    says: 'at /docker',
    hints: '-v /etc/docker:/docker',
  }),
  server('a file for a folder', {
    setup: file('f', ''),
    mounts: `rmdir /certs; touch /certs; mount --bind "$work/f" /certs; ${DOCKER}`,
    code: 'CONTAINER_NOT_MOUNTED',
    says: 'at /certs',
  }),
  server('certificates read-only', {
    mounts: `${BOTH}${READ_ONLY}/certs`,
    code: 'CONTAINER_READ_ONLY',
    says: '/certs',
    hints: ':ro',
  }),
  server('configuration read-only', {
    mounts: `${BOTH}${READ_ONLY}/docker`,
    code: 'CONTAINER_READ_ONLY',
    says: '/docker',
  }),
  server('a file system that is read-only', {
    mounts: `${DOCKER}mount -t tmpfs -o ro tmpfs /certs`,
    code: 'CONTAINER_READ_ONLY',
    says: '/certs',
  }),
  server('a folder of another user', {
    setup: owned('c', 1000),
    code: 'CONTAINER_UNSAFE',
    says: 'uid 1000',
    hints: 'chown',
  }),
  server('a folder that anybody writes to', {
    setup: mode('c', 0o777),
    code: 'CONTAINER_UNSAFE',
    says: '/certs',
    hints: 'chmod go-w',
  }),
  server('a folder that a group writes to', {
    setup: mode('c', 0o775),
    code: 'CONTAINER_UNSAFE',
    says: '/certs',
  }),
  server('no mount table', {
    mounts: `${BOTH}mount -t tmpfs tmpfs /proc`,
    code: 'CONTAINER_MOUNT_TABLE',
    says: 'there is no',
  }),
  server('a mount table of another kind', {
    setup: file('table', 'rootfs / rootfs rw 0 0\n'),
    mounts: `${BOTH}mount -t tmpfs tmpfs /proc; mkdir /proc/self; cp "$work/table" /proc/self/mountinfo`,
    code: 'CONTAINER_MOUNT_TABLE',
    says: 'cannot understand',
  }),
  server('a configuration that is not of /etc/docker', {
    env: { HOST_CERTS_DIR: '' },
    mounts: `${CERTS}mount --bind "$work/etc" /docker`,
    code: 'CONTAINER_HOST_PATH',
    says: 'not /etc/docker',
    hints: '-e HOST_CERTS_DIR=',
  }),
  server('an /etc/docker in any folder', {
    env: { HOST_CERTS_DIR: '' },
    code: 'CONTAINER_HOST_PATH',
    says: 'need not be the root of the host',
  }),
  server('another file system', {
    env: { HOST_CERTS_DIR: '' },
    mounts: `mount -t tmpfs -o mode=755 tmpfs /certs; mount -t tmpfs tmpfs /docker; mkdir -p /docker/etc/docker; mount --bind /docker/etc/docker /docker`,
    code: 'CONTAINER_HOST_PATH',
    says: 'another file system',
  }),
  server('a folder that was removed', {
    env: { HOST_CERTS_DIR: '' },
    mounts: `mount -t tmpfs tmpfs /docker; mkdir -p /docker/c /docker/etc/docker; mount --bind /docker/c /certs; rmdir /docker/c; mount --bind /docker/etc/docker /docker`,
    code: 'CONTAINER_HOST_PATH',
    says: 'removed on the host',
  }),
  ...HOST_DIRS.map(([name, value]) =>
    server(`HOST_CERTS_DIR ${name}`, {
      env: { HOST_CERTS_DIR: value },
      code: 'CONTAINER_HOST_DIR_INVALID',
      says: 'no plain absolute path',
    }),
  ),
  ...SANS.map(([name, value, hints]) =>
    server(`SAN with ${name}`, {
      env: { SAN: value },
      code: 'CA_SAN_INVALID',
      says: 'cannot go into a certificate',
      hints,
    }),
  ),
  server('a daemon.json that is broken', {
    setup: file('etc/docker/daemon.json', '{"debug": true,}'),
    code: 'DAEMON_CONFIG_INVALID',
    says: '/docker/daemon.json',
  }),
  server('a daemon.json that is a link to nowhere', {
    setup: link('etc/docker/daemon.json', 'gone'),
    code: 'FILE_NOT_FOUND',
    says: 'gone',
  }),
  server('a CA that is in use', {
    setup: (work) => fs.writeFileSync(path.join(work, 'c/ca.pem'), makeAuthority('other CA', 'ec-p256').pem),
    code: 'CONTAINER_OTHER_CA',
    says: '/certs/ca.pem',
    hints: '/ca',
  }),
  server('something else for a CA', {
    setup: file('c/ca.pem', 'hello'),
    code: 'CONTAINER_OTHER_CA',
    says: '/certs/ca.pem',
  }),
  server('a pipe for a CA', { setup: pipe('c/ca.pem'), code: 'FILE_NOT_REGULAR', says: '/certs/ca.pem' }),
  server('a file where the CA is kept', {
    setup: file('c/ca', ''),
    code: 'CA_DIRECTORY_NOT_A_DIRECTORY',
    says: '/certs/ca',
  }),
  server('a CA that others write to', {
    setup: all(WITH_CA, mode('c/ca', 0o777)),
    code: 'CA_DIRECTORY_UNSAFE',
    says: '/certs/ca',
  }),
  server('a lock that leads elsewhere', {
    setup: link('c/.docker-mtls.lock', '/etc/passwd'),
    code: 'CA_DIRECTORY_UNSAFE',
    says: '.docker-mtls.lock',
  }),
  client('nothing is mounted', { mounts: '', code: 'CONTAINER_NOT_MOUNTED', says: 'at /certs' }),
  client('read-only', {
    setup: WITH_CA,
    mounts: `${CERTS}${READ_ONLY}/certs`,
    code: 'CONTAINER_READ_ONLY',
    says: '/certs',
  }),
  client('a folder of another user', {
    setup: all(WITH_CA, owned('c', 1000)),
    code: 'CONTAINER_UNSAFE',
    says: 'uid 1000',
  }),
  client('an empty folder', { code: 'CONTAINER_NO_CA', says: '/certs/ca', hints: 'docker-mtls:server' }),
  client('an empty folder at /ca', {
    setup: all(WITH_CA, folder('own')),
    mounts: `${CERTS}mkdir /ca; mount --bind "$work/own" /ca`,
    code: 'CONTAINER_NO_CA',
    says: '/ca',
  }),
  client("a file for the client's folder", {
    setup: all(WITH_CA, file('c/client', '')),
    code: 'FILE_NOT_REGULAR',
    says: '/certs/client',
  }),
  client('something else for the archive', {
    setup: all(WITH_CA, file('c/client/pwd-client-certs', 'hello')),
    code: 'BUNDLE_EXISTS',
    says: 'pwd-client-certs',
  }),
  client('an archive of another CA', {
    setup: all(WITH_CA, folder('c/client'), copy('ca/ca.pem', 'c/client/pwd-client-certs')),
    code: 'BUNDLE_EXISTS',
    says: 'pwd-client-certs',
  }),
];
