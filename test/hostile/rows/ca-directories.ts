import { generateKeyPairSync } from 'node:crypto';
import { pem } from '../request-maker.ts';
import type { Row } from '../row.ts';
import { all, copy, edit, file, folder, link, mode, pipe, remove } from './files.ts';

const ISSUE = ['issue-client', 'bob'];

// SQLite's file format, section 1.3: the header's big-endian user version.
const USER_VERSION = 60;
const APPLICATION_ID = 68;

function headerField(offset: number, value: number): (bytes: Buffer) => Buffer {
  return (bytes) => {
    bytes.writeUInt32BE(value, offset);
    return bytes;
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function encryptedKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cipher = { cipher: 'aes-256-cbc', passphrase: 'battery staple' };
  return privateKey.export({ format: 'pem', type: 'pkcs8', ...cipher }).toString();
}

export const CA_DIRECTORY_ROWS: readonly Row[] = [
  {
    name: 'init-ca: a CA directory that has one',
    argv: ['init-ca'],
    code: 'CA_DIRECTORY_EXISTS',
    says: 'holds a CA already',
  },
  {
    name: 'init-ca: a CA directory that is a file',
    argv: ['init-ca', '--ca-dir', 'f'],
    setup: file('f', 'x'),
    code: 'CA_DIRECTORY_NOT_A_DIRECTORY',
    says: 'is not a directory',
  },
  {
    name: 'init-ca: a CA directory below a file',
    argv: ['init-ca', '--ca-dir', 'f/ca'],
    setup: file('f', 'x'),
    code: 'FILE_NOT_REGULAR',
    says: 'not a directory',
  },
  {
    name: "init-ca: a CA directory with somebody else's files",
    argv: ['init-ca', '--ca-dir', 'd'],
    setup: file('d/notes.txt', 'x'),
    code: 'CA_DIRECTORY_NOT_EMPTY',
    says: 'notes.txt',
  },
  {
    name: 'init-ca: a CA directory with a file of an odd name',
    argv: ['init-ca', '--ca-dir', 'd'],
    setup: file('d/\u001b[31m\n', 'x'),
    code: 'CA_DIRECTORY_NOT_EMPTY',
    says: String.raw`\u001b`,
  },
  {
    name: 'init-ca: a CA directory that is a link to nowhere',
    argv: ['init-ca', '--ca-dir', 'l'],
    setup: link('l', 'nowhere'),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'symbolic link',
  },
  {
    name: 'init-ca: a CA directory that is a link to itself',
    argv: ['init-ca', '--ca-dir', 'l/ca'],
    setup: link('l', 'l'),
    code: 'FILE_NOT_REGULAR',
    says: 'symbolic link',
  },
  {
    name: 'init-ca: a CA directory that everybody may write to',
    argv: ['init-ca', '--ca-dir', 'd'],
    setup: all(folder('d'), mode('d', 0o777)),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'mode 0777',
    hints: 'chmod 700',
  },
  {
    name: 'init-ca: a CA directory of 300 characters',
    argv: ['init-ca', '--ca-dir', 'd'.repeat(300)],
    code: 'FILE_UNUSABLE',
    says: 'too long',
  },
  {
    name: 'init-ca: a CA directory with a line break in its name',
    argv: ['init-ca', '--ca-dir', 'f\n/ca'],
    setup: file('f\n', 'x'),
    code: 'FILE_NOT_REGULAR',
    says: String.raw`f\u{a}/ca`,
  },
  {
    name: 'init-ca: no CA directory, and no home',
    argv: ['init-ca'],
    env: { DOCKER_MTLS_CA_DIR: '', HOME: '' },
    code: 'USAGE',
    says: 'home',
    hints: '--ca-dir',
  },
  { name: 'an empty --ca-dir', argv: ['list', '--ca-dir='], code: 'USAGE', says: 'ca-dir is empty' },
  ...[['list'], ['issue-server', 'a.example'], ['bundle', 'alice'], ['show', 'alice'], ['daemon-config']].map(
    (argv) => ({
      name: `${argv[0]}: no CA`,
      argv: [...argv, '--ca-dir', 'missing'],
      code: 'CA_DIRECTORY_NOT_FOUND',
      says: 'there is no CA in',
      hints: 'init-ca',
    }),
  ),
  {
    name: 'list: a CA directory that is a file',
    argv: ['list', '--ca-dir', 'f'],
    setup: file('f', 'x'),
    code: 'CA_DIRECTORY_NOT_A_DIRECTORY',
    says: 'is not a directory',
  },
  {
    name: 'list: a CA directory that is a link',
    argv: ['list', '--ca-dir', 'l'],
    setup: link('l', 'ca'),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'symbolic link',
  },
  {
    name: 'issue-client: a CA directory that others may write to',
    argv: ISSUE,
    setup: mode('ca', 0o770),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'mode 0770',
    hints: 'chmod 700',
  },
  {
    name: 'issue-client: a CA key that others may read',
    argv: ISSUE,
    setup: mode('ca/private/ca-key.pem', 0o644),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'mode 0644',
    hints: 'chmod 600',
  },
  {
    name: 'issue-client: a folder of the CA key that others may enter',
    argv: ISSUE,
    setup: mode('ca/private', 0o755),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'mode 0755',
    hints: 'chmod 700',
  },
  {
    name: 'list: a registry that is no database',
    argv: ['list'],
    setup: file('ca/registry.db', 'x'.repeat(5000)),
    code: 'REGISTRY_CORRUPT',
    says: 'registry.db',
  },
  {
    name: 'issue-client: a registry that is no database',
    argv: ISSUE,
    setup: file('ca/registry.db', 'x'.repeat(5000)),
    code: 'REGISTRY_CORRUPT',
    says: 'registry.db',
  },
  {
    name: 'list: a registry cut in half',
    argv: ['list'],
    setup: edit('ca/registry.db', (bytes) => bytes.subarray(0, bytes.length / 2)),
    code: 'REGISTRY_CORRUPT',
    says: 'registry.db',
  },
  {
    name: 'list: a registry with its pages overwritten',
    argv: ['list'],
    setup: edit('ca/registry.db', (bytes) => bytes.fill(0x5a, 100)),
    code: 'REGISTRY_CORRUPT',
    says: 'registry.db',
  },
  {
    name: 'issue-client: a registry of a newer version',
    argv: ISSUE,
    setup: edit('ca/registry.db', headerField(USER_VERSION, 99)),
    code: 'REGISTRY_NEWER',
    says: 'schema 99',
  },
  {
    name: 'list: a registry of a newer version',
    argv: ['list'],
    setup: edit('ca/registry.db', headerField(USER_VERSION, 99)),
    code: 'REGISTRY_NEWER',
    says: 'schema 99',
  },
  {
    name: 'list: a database of another program',
    argv: ['list'],
    setup: edit('ca/registry.db', headerField(APPLICATION_ID, 1)),
    code: 'REGISTRY_CORRUPT',
    says: 'no registry of docker-mtls',
  },
  {
    name: 'list: an empty registry',
    argv: ['list'],
    setup: edit('ca/registry.db', () => ''),
    code: 'REGISTRY_CORRUPT',
    says: 'registry',
  },
  {
    name: 'list: a registry that is missing',
    argv: ['list'],
    setup: remove('ca/registry.db'),
    code: 'REGISTRY_CORRUPT',
    says: 'registry',
  },
  {
    name: 'init-ca: a CA without its registry',
    argv: ['init-ca'],
    setup: remove('ca/registry.db'),
    code: 'REGISTRY_CORRUPT',
    says: 'registry',
  },
  {
    name: 'list: a registry that is a directory',
    argv: ['list'],
    setup: all(remove('ca/registry.db'), folder('ca/registry.db')),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'not a regular file',
  },
  {
    name: 'list: a registry that is a pipe',
    argv: ['list'],
    setup: all(remove('ca/registry.db'), pipe('ca/registry.db')),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'not a regular file',
  },
  {
    name: 'list: a registry that is a link',
    argv: ['list'],
    setup: all(
      copy('ca/registry.db', 'other.db'),
      remove('ca/registry.db'),
      link('ca/registry.db', '../other.db'),
    ),
    code: 'CA_DIRECTORY_UNSAFE',
    says: 'not a regular file',
  },
  {
    name: 'issue-client: the CA key of another CA',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', newKey),
    code: 'CA_PAIR_MISMATCH',
    says: 'key',
  },
  {
    name: 'issue-client: a CA key that is garbage',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', () => 'garbage'),
    code: 'CA_KEY_INVALID',
    says: 'PEM',
  },
  {
    name: 'issue-client: a CA key that is empty',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', () => ''),
    code: 'CA_KEY_INVALID',
    says: 'it is empty',
  },
  {
    name: 'issue-client: a CA key cut short',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', (bytes) => bytes.subarray(0, 100)),
    code: 'CA_KEY_INVALID',
    says: 'key',
  },
  {
    name: 'issue-client: a CA key that is a certificate',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', () => pem('CERTIFICATE', Buffer.from('x'))),
    code: 'CA_KEY_INVALID',
    says: 'CERTIFICATE',
  },
  {
    name: 'issue-client: two CA keys in one file, the other one first',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', (bytes) => `${newKey()}${bytes.toString('utf8')}`),
    code: 'CA_PAIR_MISMATCH',
    says: 'key',
  },
  {
    name: 'issue-client: a CA key that is missing',
    argv: ISSUE,
    setup: remove('ca/private/ca-key.pem'),
    code: 'CA_DIRECTORY_KEY_MISSING',
    says: 'ca-key.pem',
  },
  {
    name: 'issue-client: an encrypted CA key, no passphrase',
    argv: ISSUE,
    setup: edit('ca/private/ca-key.pem', encryptedKey),
    code: 'PASSPHRASE_NEEDED',
    says: 'passphrase',
    hints: '--passphrase-file',
  },
  {
    name: 'issue-client: an encrypted CA key, the wrong passphrase',
    argv: [...ISSUE, '--passphrase-file', 'p'],
    setup: all(edit('ca/private/ca-key.pem', encryptedKey), file('p', 'correct horse\n')),
    code: 'CA_PASSPHRASE_WRONG',
    says: 'passphrase',
  },
  {
    name: 'issue-client: clients that is a file',
    argv: ISSUE,
    setup: all(remove('ca/clients'), file('ca/clients', 'x')),
    code: 'FILE_NOT_REGULAR',
    says: 'clients',
  },
  {
    name: "issue-client: a place that somebody else's file takes",
    argv: ISSUE,
    setup: file('ca/clients/bob', 'x'),
    code: 'CA_DIRECTORY_NAME_TAKEN',
    says: 'bob',
  },
  {
    name: 'issue-client: a place that a link takes',
    argv: ISSUE,
    setup: link('ca/clients/bob', '../../tmp'),
    code: 'CA_DIRECTORY_NAME_TAKEN',
    says: 'bob',
  },
];
