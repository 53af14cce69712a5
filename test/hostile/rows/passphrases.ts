import type { Row } from '../row.ts';
import { file, folder, link } from './files.ts';

const FILES: readonly (Pick<Row, 'name' | 'code' | 'says'> & { readonly setup?: (work: string) => void })[] =
  [
    { name: 'an empty passphrase file', setup: file('p', ''), code: 'PASSPHRASE_INVALID', says: 'is empty' },
    {
      name: 'a passphrase file with an empty line',
      setup: file('p', '\n'),
      code: 'PASSPHRASE_INVALID',
      says: 'is empty',
    },
    {
      name: 'a passphrase file of two lines',
      setup: file('p', 'correct horse\nbattery staple\n'),
      code: 'PASSPHRASE_INVALID',
      says: 'more than one line',
    },
    {
      name: 'a passphrase with a NUL',
      setup: file('p', 'correct horse\0\n'),
      code: 'PASSPHRASE_INVALID',
      says: 'p ',
    },
    {
      name: 'a binary passphrase file',
      setup: file('p', Buffer.from([0xff, 0xfe, 0x80, 0x41])),
      code: 'PASSPHRASE_INVALID',
      says: 'not UTF-8',
    },
    {
      name: 'a passphrase of 1025 bytes',
      setup: file('p', 'correct horse'.padEnd(1025, '!')),
      code: 'PASSPHRASE_INVALID',
      says: 'longer than 1024 bytes',
    },
    {
      name: 'a passphrase file of a megabyte',
      setup: file('p', 'x'.repeat(1e6)),
      code: 'FILE_TOO_LARGE',
      says: 'p: ',
    },
    { name: 'a passphrase file that is missing', code: 'FILE_NOT_FOUND', says: 'p: ' },
    {
      name: 'a passphrase file that is a directory',
      setup: folder('p'),
      code: 'FILE_NOT_REGULAR',
      says: 'p: ',
    },
    {
      name: 'a passphrase file that is a link to itself',
      setup: link('p', 'p'),
      code: 'FILE_NOT_REGULAR',
      says: 'p: ',
    },
  ];

export const PASSPHRASE_ROWS: readonly Row[] = [
  ...FILES.map((row) => ({ ...row, argv: ['init-ca', '--ca-dir', 'new', '--passphrase-file', 'p'] })),
  {
    name: 'a passphrase file that the environment names, and that is missing',
    argv: ['init-ca', '--ca-dir', 'new'],
    env: { DOCKER_MTLS_PASSPHRASE_FILE: 'p' },
    code: 'FILE_NOT_FOUND',
    says: 'p: ',
  },
  {
    name: 'a passphrase that is to be asked for, and no terminal',
    argv: ['init-ca', '--ca-dir', 'new', '--passphrase'],
    code: 'PASSPHRASE_NEEDED',
    says: 'terminal',
    hints: '--passphrase-file',
  },
  {
    name: 'a passphrase as an argument',
    argv: ['init-ca', '--ca-dir', 'new', '--passphrase', 'correct horse'],
    code: 'USAGE',
    says: '--passphrase takes no value',
  },
  {
    name: 'a passphrase as a value',
    argv: ['secure', 'node2.example.com', '--client', 'bob', '--passphrase=correct horse'],
    code: 'USAGE',
    says: '--passphrase takes no value',
  },
];
