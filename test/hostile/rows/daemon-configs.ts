import type { Row } from '../row.ts';
import { all, file, folder, link, pipe, remove } from './files.ts';

const INVALID = 'DAEMON_CONFIG_INVALID';
const CONFIG = ['daemon-config', '--config', 'daemon.json'];

const TEXTS: readonly (readonly [name: string, text: string | Buffer, says: string])[] = [
  ['an array', '[]', 'an array where an object should stand'],
  ['a string', '"x"', 'a string where an object should stand'],
  ['null', 'null', 'null where an object should stand'],
  ['a key twice', '{"debug":true,"debug":false}', 'debug'],
  ['a key twice, once escaped', String.raw`{"debug":true,"d\u0065bug":false}`, 'debug'],
  ['a key twice, deep inside', '{"log-opts":{"a":"1","a":"2"}}', '"a"'],
  ['a comment', '{\n  // plain\n  "debug": true\n}', '2:3'],
  ['a comment of the other kind', '{ /* plain */ "debug": true }', '1:3'],
  ['a comma too many', '{"debug":true,}', 'daemon.json'],
  ['single quotes', "{'debug': true}", 'daemon.json'],
  ['text after its end', '{} {}', 'daemon.json'],
  ['no end', '{"debug": true', 'daemon.json'],
  ['a line break in a string', '{"a": "b\nc"}', 'daemon.json'],
  ['a NUL', '{"a": "b\0c"}', 'daemon.json'],
  ['half a surrogate', String.raw`{"hosts": ["\ud800"]}`, 'listen on'],
  ['UTF-16', Buffer.from('\ufeff{"debug": true}', 'utf16le'), 'UTF-16'],
  ['UTF-16 without a mark', Buffer.from('{"debug": true}', 'utf16le'), 'UTF-16'],
  ['Latin-1', Buffer.from('{"a": "\u00fc"}', 'latin1'), 'not UTF-8'],
  ['100000 brackets', `{"a":${'['.repeat(100_000)}`, 'daemon.json'],
  ['hosts that is a string', '{"hosts": "tcp://0.0.0.0:2375"}', '"hosts" must be an array of strings'],
  ['a host that the engine does not take', '{"hosts": ["http://0.0.0.0:2376"]}', 'listen on'],
  ['a host with a NUL', String.raw`{"hosts": ["tcp://0.0.0.0\u0000:2376"]}`, 'listen on'],
  ['a host with a port of 99999', '{"hosts": ["tcp://0.0.0.0:99999"]}', 'listen on'],
  ['tlsverify that is a string', '{"tlsverify": "true"}', '"tlsverify" must be true or false'],
  ['tlscacert that is a list', '{"tlscacert": []}', '"tlscacert" must be a string'],
  ['a key in other letters', '{"TLSVerify": true}', 'misspelt'],
];

function text([name, data, says]: (typeof TEXTS)[number]): Row {
  return {
    name: `daemon-config: a daemon.json with ${name}`,
    argv: CONFIG,
    setup: file('daemon.json', data),
    code: INVALID,
    says,
  };
}

const LISTENS = [
  '2376',
  '0.0.0.0',
  '0.0.0.0:0',
  '0.0.0.0:99999',
  'tcp://0.0.0.0:2376',
  '::1:2376',
  '[::1',
  '0.0.0.0:2376\n',
  '256.0.0.1:2376',
  // An address that is none.
  'localhost:',
  ':2376',
  '[]:2376',
  '[::1]',
  '[::1]2376',
  '[0.0.0.0]:2376',
  '[fe80::1%eth0]:2376',
  '[1::2::3]:2376',
  // Another way to write one, by which its reader sees another one than the engine, or none.
  '127.1:2376',
  '0x7f.0.0.1:2376',
  '0x7f000001:2376',
  '2130706433:2376',
  '010.0.0.1:2376',
  '[::ffff:10.0.0.1]:2376',
  '\uff10.0.0.0:2376',
  // No address of one machine.
  '224.0.0.1:2376',
  '255.255.255.255:2376',
  '[ff02::1]:2376',
  // A port that is none.
  '0.0.0.0:+2376',
  '0.0.0.0:-1',
  '0.0.0.0:2376/tcp',
  '0.0.0.0:0x948',
  // A name that is none.
  'a_b:2376',
  'a..b:2376',
  '*:2376',
  'node1-:2376',
  `${'a'.repeat(64)}:2376`,
  // More than one, and things of another kind.
  '0.0.0.0:2376,10.0.0.5:2376',
  ' 0.0.0.0:2376',
  'unix:///var/run/docker.sock',
  'node1@10.0.0.5:2376',
];

function listen(address: string): Row {
  return {
    name: `daemon-config: the address ${JSON.stringify(address)}`,
    argv: [...CONFIG, `--listen=${address}`],
    code: 'DAEMON_CONFIG_LISTEN_INVALID',
    says: JSON.stringify(address),
    hints: '0.0.0.0:2376',
  };
}

export const DAEMON_CONFIG_ROWS: readonly Row[] = [
  ...TEXTS.map(text),
  ...LISTENS.map(listen),
  {
    name: 'daemon-config: two addresses for one port',
    argv: [...CONFIG, '--listen', '0.0.0.0:2376', '--listen', '10.0.0.5:2376'],
    code: 'DAEMON_CONFIG_LISTEN_INVALID',
    says: '2376',
  },
  {
    name: 'daemon-config: a daemon.json that is a directory',
    argv: CONFIG,
    setup: folder('daemon.json'),
    code: 'FILE_NOT_REGULAR',
    says: 'daemon.json',
  },
  {
    name: 'daemon-config: a daemon.json that is a pipe',
    argv: CONFIG,
    setup: pipe('daemon.json'),
    code: 'FILE_NOT_REGULAR',
    says: 'daemon.json',
  },
  {
    name: 'daemon-config: a daemon.json of two megabytes',
    argv: CONFIG,
    setup: file('daemon.json', `{}${' '.repeat(2 ** 21)}`),
    code: 'FILE_TOO_LARGE',
    says: 'daemon.json',
  },
  {
    name: 'daemon-config: a daemon.json that is a link to nowhere',
    argv: CONFIG,
    setup: link('daemon.json', 'gone/daemon.json'),
    code: 'FILE_NOT_FOUND',
    says: 'link to "gone/daemon.json"',
  },
  {
    name: 'daemon-config: a daemon.json that is a link to itself',
    argv: CONFIG,
    setup: link('daemon.json', 'daemon.json'),
    code: 'FILE_NOT_REGULAR',
    says: 'daemon.json',
  },
  {
    name: 'daemon-config: a daemon.json below a file',
    argv: ['daemon-config', '--config', 'f/daemon.json'],
    setup: file('f', 'x'),
    code: 'FILE_NOT_REGULAR',
    says: 'f/daemon.json',
  },
  {
    name: 'daemon-config: a relative folder of certificates',
    argv: [...CONFIG, '--certs-dir', 'certs'],
    code: 'DAEMON_CONFIG_PATH_INVALID',
    says: 'certs',
  },
  {
    name: 'daemon-config: a folder of certificates with a line break',
    argv: [...CONFIG, '--certs-dir', '/etc/a\nb'],
    code: 'DAEMON_CONFIG_PATH_INVALID',
    says: String.raw`/etc/a\nb`,
  },
  {
    name: 'daemon-config: a server that there is not',
    argv: [...CONFIG, '--server', 'node9.example.com'],
    code: 'NOT_ISSUED',
    says: '"node9.example.com"',
    hints: 'docker-mtls issue-server node9.example.com issues one',
  },
  {
    name: 'daemon-config: a server that cannot be',
    argv: [...CONFIG, '--server', '../x'],
    code: 'CA_SAN_INVALID',
    says: '"../x"',
  },
  {
    name: 'daemon-config: a client for a server',
    argv: [...CONFIG, '--server', 'alice'],
    code: 'NOT_ISSUED',
    says: 'no server "alice"',
  },
  {
    name: 'undo: nothing to undo',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    code: 'DAEMON_CONFIG_NOTHING_TO_UNDO',
    says: 'daemon.json',
  },
  {
    name: 'undo: nothing to undo, in a folder that is not there',
    argv: ['daemon-config', 'undo', '--config', 'no/daemon.json'],
    code: 'DAEMON_CONFIG_NOTHING_TO_UNDO',
    says: 'no/daemon.json',
  },
  {
    name: 'undo: a record that is no JSON',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    setup: all(file('daemon.json', '{}'), file('daemon.json.20260101T000000Z.undo.json', 'x')),
    code: 'DAEMON_CONFIG_UNDO_BROKEN',
    says: 'was not written by docker-mtls',
  },
  {
    name: 'undo: a record of a unit that holds no text',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    setup: all(file('daemon.json', '{}'), file('daemon.json.20260101T000000Z.undo.json', '{"dropIn": 1}')),
    code: 'DAEMON_CONFIG_UNDO_BROKEN',
    says: 'was not written by docker-mtls',
  },
  {
    name: 'undo: a record that names a file elsewhere',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    setup: all(
      file('daemon.json', '{}'),
      file(
        'daemon.json.20260101T000000Z.undo.json',
        JSON.stringify({ backup: '../ca/private/ca-key.pem', wrote: '0'.repeat(64) }),
      ),
    ),
    code: 'DAEMON_CONFIG_UNDO_BROKEN',
    says: 'was not written by docker-mtls',
  },
  {
    name: 'undo: a backup that is gone',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    setup: all(
      file('daemon.json', '{}'),
      file(
        'daemon.json.20260101T000000Z.undo.json',
        JSON.stringify({ backup: 'gone.bak', wrote: '0'.repeat(64) }),
      ),
    ),
    code: 'DAEMON_CONFIG_UNDO_BROKEN',
    says: '"gone.bak"',
  },
  {
    name: 'undo: a daemon.json that was edited since',
    argv: ['daemon-config', 'undo', '--config', 'daemon.json'],
    setup: all(
      file('daemon.json', '{"debug":true}'),
      file('daemon.json.bak', '{}'),
      file(
        'daemon.json.20260101T000000Z.undo.json',
        JSON.stringify({ backup: 'daemon.json.bak', wrote: '0'.repeat(64) }),
      ),
    ),
    code: 'DAEMON_CONFIG_EDITED',
    says: 'was edited since docker-mtls wrote it',
    hints: '--force',
  },
  {
    name: "daemon-config: the server's files are gone",
    argv: CONFIG,
    setup: remove('ca/servers/node1.example.com'),
    code: 'PAIR_MISSING',
    says: 'server "node1.example.com" are gone',
    hints: 'issue-server node1.example.com --force',
  },
];
