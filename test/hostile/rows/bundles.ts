import { generateKeyPairSync } from 'node:crypto';
import type { Row } from '../row.ts';
import { all, copy, edit, file, folder, link, pipe, remove } from './files.ts';

const BUNDLE = ['bundle', 'alice'];
const KEY = 'ca/clients/alice/key.pem';
const KEY_IN_FORCE = 'ca/clients/alice/.current/key.pem';

function otherKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

export const BUNDLE_ROWS: readonly Row[] = [
  {
    name: 'bundle: a client that there is not',
    argv: ['bundle', 'bob'],
    code: 'NOT_ISSUED',
    says: 'no client "bob"',
    hints: 'docker-mtls list shows what was; docker-mtls issue-client bob issues one',
  },
  {
    name: 'bundle: a server for a client',
    argv: ['bundle', 'node1.example.com'],
    code: 'NOT_ISSUED',
    says: 'no client "node1.example.com"',
  },
  {
    name: 'bundle: into a directory',
    argv: [...BUNDLE, '-o', 'd'],
    setup: folder('d'),
    code: 'FILE_NOT_REGULAR',
    says: '/d: ',
  },
  {
    name: 'bundle: into the folder itself',
    argv: [...BUNDLE, '-o', '.'],
    code: 'FILE_NOT_REGULAR',
    says: 'cannot',
  },
  {
    name: 'bundle: over another file',
    argv: [...BUNDLE, '-o', 'f'],
    setup: file('f', 'x'),
    code: 'BUNDLE_EXISTS',
    says: 'exists already',
    hints: '--force',
  },
  {
    name: 'bundle: over a larger file',
    argv: [...BUNDLE, '-o', 'f'],
    setup: file('f', Buffer.alloc(2 ** 21)),
    code: 'BUNDLE_EXISTS',
    says: 'exists already',
    hints: '--force',
  },
  {
    name: 'bundle: over a file of the usual name',
    argv: BUNDLE,
    setup: file('alice.tar.gz', 'x'),
    code: 'BUNDLE_EXISTS',
    says: 'alice.tar.gz exists already',
  },
  {
    name: "bundle: over the CA's own key",
    argv: [...BUNDLE, '-o', 'ca/private/ca-key.pem'],
    code: 'BUNDLE_EXISTS',
    says: 'ca-key.pem exists already',
  },
  {
    name: 'bundle: into a pipe',
    argv: [...BUNDLE, '-o', 'p'],
    setup: pipe('p'),
    code: 'FILE_NOT_REGULAR',
    says: '/p: ',
  },
  {
    name: 'bundle: over a link to nowhere',
    argv: [...BUNDLE, '-o', 'l'],
    setup: link('l', 'gone'),
    code: 'BUNDLE_EXISTS',
    says: '/l',
  },
  {
    name: 'bundle: into a folder that is not there',
    argv: [...BUNDLE, '-o', 'no/alice.tar.gz'],
    code: 'FILE_NOT_FOUND',
    says: '/no',
  },
  {
    name: 'bundle: below a file',
    argv: [...BUNDLE, '-o', 'f/alice.tar.gz'],
    setup: file('f', 'x'),
    code: 'FILE_NOT_REGULAR',
    says: '/f/alice.tar.gz',
  },
  {
    name: 'bundle: a file name of 300 characters',
    argv: [...BUNDLE, '-o', 'x'.repeat(300)],
    code: 'FILE_UNUSABLE',
    says: 'too long',
  },
  { name: 'bundle: an empty file name', argv: [...BUNDLE, '-o', ''], code: 'USAGE', says: 'output' },
  {
    name: 'bundle: a file name with a line break',
    argv: [...BUNDLE, '-o', 'no\n/a'],
    code: 'FILE_NOT_FOUND',
    says: String.raw`no\u{a}`,
  },
  {
    name: 'bundle: two archives',
    argv: [...BUNDLE, '-o', 'a', '-o', 'b'],
    code: 'USAGE',
    says: '--output was given 2 times',
  },
  {
    name: "bundle: another's key beside the certificate",
    argv: BUNDLE,
    setup: edit(KEY, otherKey),
    code: 'PAIR_DAMAGED',
    says: 'key',
  },
  {
    name: 'bundle: a key that is garbage',
    argv: BUNDLE,
    setup: edit(KEY, () => 'garbage'),
    code: 'PAIR_DAMAGED',
    says: 'key',
  },
  {
    name: 'bundle: a key that is a directory',
    argv: BUNDLE,
    // The name in the client's folder is a link to the file in force.
    setup: all(remove(KEY_IN_FORCE), folder(KEY_IN_FORCE)),
    code: 'FILE_NOT_REGULAR',
    says: 'key.pem',
  },
  {
    name: 'bundle: a certificate that is garbage',
    argv: BUNDLE,
    setup: edit('ca/clients/alice/cert.pem', () => 'garbage'),
    code: 'PAIR_DAMAGED',
    says: 'certificate',
  },
  {
    name: "bundle: a server's pair in the client's folder",
    argv: BUNDLE,
    setup: (work) =>
      [
        copy('ca/servers/node1.example.com/server-cert.pem', 'ca/clients/alice/cert.pem'),
        copy('ca/servers/node1.example.com/server-key.pem', KEY),
      ].forEach((step) => step(work)),
    code: 'PAIR_DAMAGED',
    says: 'cert',
  },
  {
    name: 'bundle: a folder of the client that is gone',
    argv: BUNDLE,
    setup: remove('ca/clients/alice'),
    code: 'PAIR_MISSING',
    says: 'client "alice" are gone',
    hints: 'issue-client alice --force',
  },
  {
    name: "bundle: another client's pair in the folder",
    argv: BUNDLE,
    setup: (work) =>
      ['cert.pem', 'key.pem'].forEach((name) =>
        copy(`ca/clients/carol/${name}`, `ca/clients/alice/${name}`)(work),
      ),
    code: 'PAIR_DAMAGED',
    says: 'another certificate than was issued',
  },
];
