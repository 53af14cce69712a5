import { gzipSync } from 'node:zlib';
import { createCrl, generateKeyPair, privateKeyToPem } from '@docker-mtls/ca';
import { makeAuthority } from '../../support/test-ca.ts';
import type { Row } from '../row.ts';
import { backup, backupBytes, backupOf, backupWith } from './backup-file.ts';
import { all, edit, file, folder, link, remove } from './files.ts';

const RESTORE = ['ca', 'restore', 'b', '--ca-dir', 'new'];
const DAY = 86_400_000;

type Case = readonly [why: string, setup: (work: string) => void, code: string, says: string, hints?: string];

const rows = (what: string, argv: readonly string[], cases: readonly Case[]): readonly Row[] =>
  cases.map(([why, setup, code, says, hints]) => ({
    name: `${what}: ${why}`,
    argv,
    setup,
    code,
    says,
    ...(hints !== undefined && { hints }),
  }));

const manifest = (text: string) => backup((files) => void files.set('backup.json', Buffer.from(text)));
const other = (): string => privateKeyToPem(generateKeyPair('ec-p256'));
const pairKey = (files: Map<string, Buffer>): string =>
  [...files.keys()].find((name) => name.startsWith('pairs/')) ?? '';

/** A row like alice's, with some of its columns replaced. */
const rowWith = (changes: Readonly<Record<string, string>>): string => {
  const names =
    'serial kind name folder folder_key not_before not_after key_type key_id fingerprint der issued_at issued_by';
  const columns = names.split(' ');
  const values = columns.map((column) => changes[column] ?? column);
  return `INSERT INTO certificates (${columns.join(', ')}, status)
    SELECT ${values.join(', ')}, 'replaced' FROM certificates WHERE name = 'alice'`;
};

const ARCHIVES: readonly Case[] = [
  ['an empty file', file('b', ''), 'BUNDLE_ARCHIVE_TRUNCATED', 'empty'],
  ['a text', file('b', 'x'.repeat(2000)), 'BUNDLE_ARCHIVE_INVALID', 'no valid entry'],
  ['a folder', folder('b'), 'FILE_NOT_REGULAR', '/b: '],
  ['the key of a CA', (work) => file('b', other())(work), 'BUNDLE_ARCHIVE_TRUNCATED', ''],
  [
    'cut in the middle',
    backupBytes((bytes) => bytes.subarray(0, bytes.length / 2)),
    'BUNDLE_ARCHIVE_TRUNCATED',
    'compressed',
  ],
  [
    'one byte changed',
    backupBytes((bytes) => Buffer.from(bytes).fill(1, 9000, 9001)),
    'BUNDLE_ARCHIVE_INVALID',
    'damaged',
  ],
  [
    'more after its end',
    backupBytes((bytes) => Buffer.concat([bytes, Buffer.from('x')])),
    'BUNDLE_ARCHIVE_TRUNCATED',
    'compressed',
  ],
  [
    'zeros that unpack to much',
    file('b', gzipSync(Buffer.alloc(2 ** 22))),
    'BUNDLE_ARCHIVE_TOO_LARGE',
    'unpacks to more',
  ],
  [
    'a path that leaves the folder',
    backup((files) => void files.set('../evil', Buffer.from('x'))),
    'BUNDLE_ENTRY_REFUSED',
    'leaves the folder',
  ],
  [
    'an absolute path',
    backup((files) => void files.set('/tmp/evil', Buffer.from('x'))),
    'BUNDLE_ENTRY_REFUSED',
    'absolute',
  ],
  [
    'a path through a file',
    backup((files) => void files.set('registry.db/x', Buffer.from('x'))),
    'BUNDLE_ENTRY_REFUSED',
    'is a file',
  ],
  [
    'a file twice',
    backupOf((files) => [...files, ...files].map(([path, data]) => ({ path, data }))),
    'BUNDLE_ENTRY_REFUSED',
    'twice',
  ],
  [
    'a file that no backup has',
    backup((files) => void files.set('hook.sh', Buffer.from('x'))),
    'CA_DIRECTORY_BACKUP_INVALID',
    '"hook.sh"',
  ],
  [
    'a key of another name',
    backup((files) => void files.set('private/evil.pem', Buffer.from('x'))),
    'CA_DIRECTORY_BACKUP_INVALID',
    '"private/evil.pem"',
  ],
  [
    'no registry',
    backup((files) => void files.delete('registry.db')),
    'CA_DIRECTORY_BACKUP_INVALID',
    'registry.db is missing',
  ],
  [
    'no profile',
    backup((files) => void files.delete('profiles/ca.json')),
    'CA_DIRECTORY_BACKUP_INVALID',
    'profiles/ca.json is missing',
  ],
  [
    'no manifest',
    backup((files) => void files.delete('backup.json')),
    'BACKUP_INVALID',
    'backup.json is missing',
  ],
  ['a manifest that is no JSON', manifest('{'), 'BACKUP_INVALID', 'no JSON'],
  ['a manifest of something else', manifest('{"kind":"x","format":1}'), 'BACKUP_INVALID', 'something else'],
  [
    'a manifest of a newer version',
    manifest('{"kind":"docker-mtls CA directory","format":2}'),
    'BACKUP_NEWER',
    'newer version',
  ],
  [
    'a manifest without a date',
    manifest('{"kind":"docker-mtls CA directory","format":1}'),
    'BACKUP_INVALID',
    'cannot be read',
  ],
  ['a manifest that is a list', manifest('[]'), 'BACKUP_INVALID', 'something else'],
];

const REGISTRIES: readonly Case[] = [
  [
    'a registry that is no database',
    backup((files) => void files.set('registry.db', Buffer.alloc(9000, 'x'))),
    'REGISTRY_CORRUPT',
    'no database',
  ],
  [
    'a registry that is empty',
    backup((files) => void files.set('registry.db', Buffer.alloc(0))),
    'CA_DIRECTORY_BACKUP_INVALID',
    'has no CA',
  ],
  ['a registry of a newer schema', backupWith('PRAGMA user_version = 99'), 'REGISTRY_NEWER', 'schema 99'],
  [
    'a database of another program',
    backupWith('PRAGMA application_id = 7'),
    'REGISTRY_CORRUPT',
    'no registry of docker-mtls',
  ],
  [
    'a trigger of its own',
    backupWith('CREATE TRIGGER evil AFTER INSERT ON events BEGIN DELETE FROM unfinished; END'),
    'REGISTRY_CORRUPT',
    'other tables',
  ],
  [
    'a journal of another kind',
    backupWith('PRAGMA journal_mode = WAL'),
    'CA_DIRECTORY_BACKUP_INVALID',
    'journal',
  ],
  ['a table of its own', backupWith('CREATE TABLE evil (x)'), 'REGISTRY_CORRUPT', 'other tables'],
  ['a trigger less', backupWith('DROP TRIGGER events_are_not_changed'), 'REGISTRY_CORRUPT', 'other tables'],
  [
    'a view for a table',
    backupWith('ALTER TABLE hooks RENAME TO h; CREATE VIEW hooks AS SELECT * FROM h'),
    'REGISTRY_CORRUPT',
    'other tables',
  ],
  [
    'a pair whose folder leaves the directory',
    backupWith(`UPDATE certificates SET folder = '../../evil' WHERE name = 'alice'`),
    'CA_DIRECTORY_BACKUP_INVALID',
    'in the folder "../../evil"',
  ],
  [
    "a pair in somebody else's folder",
    backupWith(`UPDATE certificates SET folder = 'carol' WHERE name = 'alice'`),
    'CA_DIRECTORY_BACKUP_INVALID',
    'in the folder "carol"',
  ],
  [
    'unfinished work outside of the directory',
    backupWith(`INSERT INTO unfinished VALUES ('ab', 'client', '../../evil')`),
    'CA_DIRECTORY_BACKUP_INVALID',
    'cannot be the name of a folder',
  ],
  [
    'a key file outside of the directory',
    backupWith(`UPDATE authorities SET key_file = '../../evil'`),
    'CA_DIRECTORY_BACKUP_INVALID',
    'names a key file "../../evil"',
  ],
  [
    'a certificate under another serial',
    backupWith(rowWith({ serial: `'abcd'`, folder: 'NULL', folder_key: 'NULL' })),
    'CA_DIRECTORY_BACKUP_INVALID',
    'on record as "abcd"',
  ],
  [
    'a certificate that is none',
    backupWith(rowWith({ serial: `'abcd'`, der: `x'3000'` })),
    'CA_DIRECTORY_BACKUP_INVALID',
    'cannot be read',
  ],
  [
    'no CA',
    backupWith(`UPDATE certificates SET status = 'replaced' WHERE kind = 'ca'`),
    'CA_DIRECTORY_BACKUP_INVALID',
    'has no CA',
  ],
];

const KEYS: readonly Case[] = [
  [
    'no CA key',
    backup((files) => void files.delete('private/ca-key.pem')),
    'CA_DIRECTORY_KEY_MISSING',
    'ca-key.pem is missing',
  ],
  [
    'a CA key of another CA',
    backup((files) => void files.set('private/ca-key.pem', Buffer.from(other()))),
    'CA_PAIR_MISMATCH',
    'do not belong together',
  ],
  [
    'a CA key that is none',
    backup((files) => void files.set('private/ca-key.pem', Buffer.from('x'))),
    'CA_KEY_INVALID',
    'cannot be used',
  ],
  [
    'the key of another pair',
    backup((files) => void files.set(pairKey(files), Buffer.from(other()))),
    'CA_DIRECTORY_BACKUP_INVALID',
    'is another one',
  ],
  [
    'a pair key that is none',
    backup((files) => void files.set(pairKey(files), Buffer.from('x'))),
    'CA_DIRECTORY_BACKUP_INVALID',
    'is another one',
  ],
];

const PLACES: readonly Row[] = [
  ...rows(
    'ca restore',
    ['ca', 'restore', 'b'],
    [['over a CA', backup(), 'CA_DIRECTORY_EXISTS', 'holds a CA already']],
  ),
  ...rows('ca restore', RESTORE, [
    [
      'into a folder with something in it',
      all(backup(), folder('new'), file('new/x', 'x')),
      'CA_DIRECTORY_NOT_EMPTY',
      '"x"',
    ],
    ['into a file', all(backup(), file('new', 'x')), 'CA_DIRECTORY_NOT_A_DIRECTORY', 'not a directory'],
    [
      'through a link',
      all(backup(), folder('there'), link('new', 'there')),
      'CA_DIRECTORY_UNSAFE',
      'symbolic link',
    ],
    [
      'locked, and nobody to ask',
      file('b', 'age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAA\n---\n'),
      'PASSPHRASE_NEEDED',
      'no terminal',
      '--bundle-passphrase-file',
    ],
    [
      'locked for an identity',
      file('b', 'age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n---\n'),
      'BUNDLE_NOT_OPENED',
      'age identity',
      '--identity',
    ],
  ]),
  ...rows(
    'ca restore',
    [...RESTORE, '--bundle-passphrase-file', 'pass'],
    [
      [
        'a passphrase that would cost hours',
        all(
          file('pass', 'x'),
          file('b', 'age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 30\nAAAA\n---\n'),
        ),
        'BUNDLE_ARCHIVE_TOO_LARGE',
        '2^30',
      ],
    ],
  ),
];

/** By a CA of the same name: only the signature tells. */
function foreignList(): string {
  const { authority } = makeAuthority('docker-mtls CA', 'ec-p256');
  const thisUpdate = new Date();
  const nextUpdate = new Date(thisUpdate.getTime() + DAY);
  return createCrl(authority, { number: 99n, thisUpdate, nextUpdate, revoked: [] }).pem;
}

const LISTS: readonly Row[] = rows(
  'ca restore --crl',
  [...RESTORE, '--crl', 'list'],
  [
    ['a file that there is not', backup(), 'FILE_NOT_FOUND', '/list'],
    ['no list', all(backup(), file('list', 'x')), 'CA_CRL_INVALID', 'cannot be read'],
    [
      'a list of another CA',
      (work) => all(backup(), file('list', foreignList()))(work),
      'LIST_NOT_OURS',
      'not signed by the CA',
    ],
    [
      'a list of another CA after one that cannot be read',
      (work) =>
        all(
          backup(),
          file('list', `-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n${foreignList()}`),
        )(work),
      'CA_CRL_INVALID',
      'cannot be read',
    ],
  ],
);

const BACKUPS: readonly Row[] = [
  ['without a lock', [], 'BACKUP_UNPROTECTED', 'private keys'],
  ['two locks', ['--encrypt', '--plaintext'], 'USAGE', 'exclude each other'],
  ['a passphrase for nothing', ['--plaintext', '--bundle-passphrase-file', 'x'], 'USAGE', 'nothing to lock'],
  ['a recipient that is none', ['--recipient', 'age1xyz'], 'BUNDLE_RECIPIENT_INVALID', 'age1xyz'],
  [
    'a secret key for a recipient',
    ['--recipient', 'AGE-SECRET-KEY-1QQQQ'],
    'BUNDLE_RECIPIENT_INVALID',
    'a secret key',
  ],
  ['nobody to ask', ['--encrypt'], 'PASSPHRASE_NEEDED', 'no terminal'],
].map(([why, words, code, says]) => ({
  name: `ca backup: ${String(why)}`,
  argv: ['ca', 'backup', 'out', ...(words as readonly string[])],
  code: String(code),
  says: String(says),
}));

const STAGES: readonly Row[] = [
  ['ca rotate switch', 'ROTATION_NOT_PREPARED', 'no new key'],
  ['ca rotate retire', 'ROTATION_NOT_SWITCHED', 'no key of this CA'],
  ['ca rotate retire alice', 'ROTATION_NOT_SWITCHED', 'no key of this CA'],
  ['ca rotate prepare --days 0', 'CA_LIFETIME_INVALID', ''],
  ['ca rotate prepare --key-type dsa', 'USAGE', 'dsa'],
  ['ca rotate abort', 'USAGE', ''],
  ['ca rotate', 'USAGE', ''],
  ['ca renew --days 0', 'CA_LIFETIME_INVALID', ''],
  ['ca renew --days=-1', 'CA_LIFETIME_INVALID', ''],
  ['ca renew --days 99999999', 'CA_LIFETIME_INVALID', ''],
  ['ca passphrase', 'PASSPHRASE_NEEDED', 'no terminal'],
  ['ca passphrase --no-passphrase --new-passphrase-file x', 'USAGE', 'exclude each other'],
  ['ca log verify x', 'AUDIT_CHECKPOINT_INVALID', '"x"'],
  ['ca log verify 1:ab:1', 'AUDIT_CHECKPOINT_INVALID', 'not a checkpoint'],
  ['ca log --last 0', 'USAGE', '--last'],
  ['crl --push ssh://node1', 'USAGE', 'names no file'],
  ['crl --push ssh://-oProxyCommand=x/crl.pem', 'SSH_HOST_INVALID', 'no host has such a name'],
  ['crl --push ssh://bob:secret@node1/crl.pem', 'SSH_HOST_INVALID', 'password'],
  ['crl --push ssh://node1/$(reboot)', 'SSH_HOST_INVALID', 'not plain enough'],
  ['crl --push ssh://node1/a;b', 'SSH_HOST_INVALID', 'not plain enough'],
  ['crl --push ssh://node1/../crl.pem', 'SSH_HOST_INVALID', 'not plain enough'],
  ['crl --push http://node1/crl.pem', 'USAGE', 'neither a path nor'],
].map(([line = '', code = '', says = '']) => ({
  name: `${line}`,
  argv: line.split(' '),
  code,
  says,
}));

const DAMAGED: readonly Row[] = [
  ...rows(
    'ca renew',
    ['ca', 'renew'],
    [
      [
        'the CA key is gone',
        remove('ca/private/ca-key.pem'),
        'CA_DIRECTORY_KEY_MISSING',
        'ca-key.pem is missing',
      ],
      [
        'the CA key is another one',
        edit('ca/private/ca-key.pem', () => other()),
        'CA_PAIR_MISMATCH',
        'do not belong together',
      ],
      ['no profile', remove('ca/profiles/ca.json'), 'CA_DIRECTORY_PROFILE_INVALID', 'no such file'],
    ],
  ),
  ...rows(
    'ca passphrase',
    ['ca', 'passphrase', '--new-passphrase-file', 'pass'],
    [
      ['an empty one', file('pass', ''), 'PASSPHRASE_INVALID', 'is empty'],
      ['two lines', file('pass', 'a\nb'), 'PASSPHRASE_INVALID', 'more than one line'],
      ['bytes', file('pass', Buffer.from([0xff, 0xfe])), 'PASSPHRASE_INVALID', 'not UTF-8'],
      ['too long', file('pass', 'x'.repeat(2000)), 'FILE_TOO_LARGE', 'bytes'],
    ],
  ),
  ...rows(
    'ca rotate prepare',
    ['ca', 'rotate', 'prepare'],
    [
      [
        'the CA key is gone',
        remove('ca/private/ca-key.pem'),
        'CA_DIRECTORY_KEY_MISSING',
        'ca-key.pem is missing',
      ],
    ],
  ),
];

/** What is done to the CA itself: its backups, lists, keys, and the order of a rotation. */
export const CA_CARE_ROWS: readonly Row[] = [
  ...rows('ca restore', RESTORE, [...ARCHIVES, ...REGISTRIES, ...KEYS]),
  ...PLACES,
  ...LISTS,
  ...BACKUPS,
  ...STAGES,
  ...DAMAGED,
];
